//! `/account/organizations/{org_id}`: an organization, with its members and invites as far as the user may see them.

use std::sync::Arc;

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::{Caller, access::org::OrgAccessError};
use doorward_domain::{
    OrgId,
    org::{
        OrgWithRole,
        invite::Invite,
        membership::Member as OrgMember,
        role::{Permission, Role},
    },
    pagination::{PageQuery, PageSize},
};

use super::{question::Question, when::When};
use crate::{
    api::v1::orgs::update::UpdateOrgRequest,
    http::error::ApiError,
    pages::{
        form::Form,
        frame::Frame,
        notices::Notice,
        texts::{Texts, fill},
        visit::{PageRequest, PageResult, SignedInPage},
    },
};

#[derive(Template)]
#[template(path = "account/organization.html")]
struct OrganizationPage {
    page: Frame,
    /// The refused form, in the part of the page that it was sent from.
    parts: Parts,
    id: String,
    name: String,
    role: &'static str,
    is_shared: bool,
    is_current: bool,
    may_rename: bool,
    may_delete: bool,
    /// Whether the user is the last owner, who can't leave.
    is_last_owner: bool,
    /// Whether there are other members.
    has_others: bool,
    members: Vec<ShownMember>,
    more_members: Option<String>,
    /// The roles that the user may invite to, if any.
    inviting: Vec<RoleChoice>,
    invite_about: String,
    invites: Vec<ShownInvite>,
    more_invites: Option<String>,
}

/// A part of the page with forms.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Members,
    Invite,
    Invites,
    Rename,
    Leave,
}

/// The form of each part: the refused form in one of them, and empty forms in the others.
#[derive(Default)]
struct Parts {
    /// The refused form of a part that is no longer on the page.
    top: Form,
    members: Form,
    invite: Form,
    invites: Form,
    rename: Form,
    leave: Form,
}

impl Parts {
    /// Assigns the refused form to its part, if the page of a member with this role has that part.
    fn with(refused: Option<(Form, Part)>, role: Role, is_shared: bool) -> Self {
        let mut parts = Self::default();
        let Some((form, part)) = refused else { return parts };
        let is_there = match part {
            Part::Members => true,
            Part::Invite | Part::Invites => is_shared && role.permits(Permission::InviteCreate),
            Part::Rename => role.permits(Permission::OrgUpdate),
            Part::Leave => is_shared,
        };
        *match part {
            _ if !is_there => &mut parts.top,
            Part::Members => &mut parts.members,
            Part::Invite => &mut parts.invite,
            Part::Invites => &mut parts.invites,
            Part::Rename => &mut parts.rename,
            Part::Leave => &mut parts.leave,
        } = form;
        parts
    }
}

struct RoleChoice {
    value: &'static str,
    name: &'static str,
}

struct ShownMember {
    id: String,
    name: String,
    /// What distinguishes members with the same name: the email address if the user may see it, else the username.
    address: Option<String>,
    role: &'static str,
    joined: When,
    is_self: bool,
    /// The roles that the user may give to the member, including the member's current one.
    roles: Vec<(RoleChoice, bool)>,
    may_remove: bool,
}

struct ShownInvite {
    id: String,
    email: String,
    role: &'static str,
    expires: When,
}

/// The data of the page, as returned by the use cases.
struct Found {
    workspace: OrgWithRole,
    is_last_owner: bool,
    members: Vec<OrgMember>,
    more_members: Option<String>,
    invites: Vec<Invite>,
    more_invites: Option<String>,
}

pub(crate) async fn show(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    page(&visit, caller, None).await
}

pub(crate) async fn rename(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let id = visit.path("org_id");
    let renamed = match visit.fields.clone().read::<UpdateOrgRequest>() {
        Ok(input) => {
            let (caller, name) = (caller.clone(), input.name);
            visit.run(|app| async move { app.orgs.rename.run(&caller, &id, name).await }).await
        }
        Err(error) => Err(error),
    };
    done(&visit, caller, renamed.map(drop), Notice::OrgRenamed, Part::Rename).await
}

pub(crate) async fn switch(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let id = visit.path("org_id");
    let (_, access) =
        visit.run(|app| async move { app.sessions.switch_org.run(&caller, &id).await }).await?;
    visit.switched(&access);
    let from = if visit.fields.text("from") == "organization" {
        here(&visit)?
    } else {
        "/account/organizations".to_owned()
    };
    visit.go_with(&from, Notice::Switched)
}

/// Asks for confirmation before a member leaves. The last owner is redirected to the organization's page, which says what
/// to do instead.
pub(crate) async fn confirm_leaving(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let id = visit.path("org_id");
    let found = visit.run(|app| async move { app.orgs.get.with_last_owner(&caller, &id).await });
    let (OrgWithRole { org, .. }, is_last_owner) = found.await?;
    let (back, texts) = (here(&visit)?, visit.texts);
    if is_last_owner {
        return visit.redirect(&back);
    }
    let values = [("org", org.name.as_str())];
    let question = Question {
        title: fill(texts.leave_question, &values),
        about: fill(texts.leave_question_about, &values),
        lost: Vec::new(),
        yes: texts.leave,
        action: format!("{back}/leave"),
        fields: Vec::new(),
        back,
        name: None,
    };
    question.ask(&visit)
}

pub(crate) async fn leave(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let (id, own) = (visit.path("org_id"), caller.user.id.to_string());
    let leaver = caller.clone();
    let left =
        visit.run(|app| async move { app.orgs.remove_member.run(&leaver, &id, &own).await }).await;
    match left {
        Ok(()) => visit.go_with("/account/organizations", Notice::Left),
        Err(error) => done(&visit, caller, Err(error), Notice::Left, Part::Leave).await,
    }
}

/// Redirects to the page if the URL of a form is loaded.
pub(crate) async fn back(SignedInPage { visit, .. }: SignedInPage) -> PageResult {
    visit.redirect(&here(&visit)?)
}

/// Returns the path of the page.
pub(super) fn here(visit: &PageRequest) -> Result<String, ApiError> {
    let id: OrgId = visit.path("org_id").parse().map_err(|_| ApiError::NotFound)?;
    Ok(format!("/account/organizations/{id}"))
}

/// Redirects to the page with a notice, or shows it with the refused form.
pub(super) async fn done(
    visit: &PageRequest,
    caller: Arc<Caller>,
    outcome: Result<(), ApiError>,
    notice: Notice,
    part: Part,
) -> PageResult {
    match outcome {
        Ok(()) => {
            let id = visit.path("org_id");
            visit.go_with(&format!("/account/organizations/{id}"), notice)
        }
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            page(visit, caller, Some((form, part))).await
        }
    }
}

async fn page(
    visit: &PageRequest,
    caller: Arc<Caller>,
    refused: Option<(Form, Part)>,
) -> PageResult {
    let Found { workspace, is_last_owner, members, more_members, invites, more_invites } =
        find(visit, caller.clone()).await?;
    let OrgWithRole { org, role } = workspace;
    let has_others = more_members.is_some()
        || !visit.fields.text("after_member").is_empty()
        || members.iter().any(|member| member.user_id != caller.user.id);
    let (members, invites) = (members.iter(), invites.iter());
    let inviting = Role::ALL.into_iter().rev().filter(|asked| role.may_invite_as(*asked));
    let is_shared = org.kind.is_shared();
    let status = refused.as_ref().map_or(StatusCode::OK, |(form, _)| form.status);
    let shown = OrganizationPage {
        page: visit.frame().naming(&[("org", org.name.as_str())]),
        parts: Parts::with(refused, role, is_shared),
        id: org.id.to_string(),
        name: org.name.as_str().to_owned(),
        role: visit.texts.of_role(role),
        is_shared,
        is_current: caller.org_id() == Some(org.id),
        may_rename: role.permits(Permission::OrgUpdate),
        may_delete: is_shared && role.permits(Permission::OrgDelete),
        is_last_owner,
        has_others,
        members: members.map(|member| shown(member, &caller, role, visit.texts)).collect(),
        more_members,
        inviting: inviting
            .filter(|_| is_shared)
            .map(|role| RoleChoice::new(role, visit.texts))
            .collect(),
        invite_about: fill(
            visit.texts.invite_member_about,
            &[("days", &Invite::LIFETIME.whole_days().to_string())],
        ),
        invites: invites.map(|invite| ShownInvite::new(invite, visit.texts)).collect(),
        more_invites,
    };
    visit.show(status, &shown)
}

async fn find(visit: &PageRequest, caller: Arc<Caller>) -> Result<Found, ApiError> {
    let id = visit.path("org_id");
    let after_member = visit.fields.text("after_member").parse().ok();
    let after_invite = visit.fields.text("after_invite").parse().ok();
    let found = visit.run(|app| async move {
        let limit = PageSize::DEFAULT;
        let (workspace, is_last_owner) = app.orgs.get.with_last_owner(&caller, &id).await?;
        let members = PageQuery { limit, after: after_member };
        let members = app.orgs.list_members.run(&caller, &id, members).await?;
        let mut found = Found {
            members: members.items,
            more_members: members.next.map(|id| id.to_string()),
            invites: Vec::new(),
            more_invites: None,
            workspace,
            is_last_owner,
        };
        if found.workspace.permits(Permission::InviteList) {
            let invites = PageQuery { limit, after: after_invite };
            let invites = app.invites.list.run(&caller, &id, invites).await?;
            found.invites = invites.items;
            found.more_invites = invites.next.map(|id| id.to_string());
        }
        Ok::<_, OrgAccessError>(found)
    });
    found.await
}

/// Returns the name of a member, and what distinguishes members with the same name, if it differs from the name.
pub(super) fn names(member: &OrgMember) -> (String, Option<String>) {
    let username = member.username.as_str();
    let name = member.full_name.as_ref().map(|name| name.as_str().trim());
    let name = name.filter(|name| !name.is_empty()).unwrap_or(username);
    let address = member.email.as_ref().map_or(username, |email| email.as_str());
    (name.to_owned(), Some(address).filter(|address| *address != name).map(str::to_owned))
}

fn shown(member: &OrgMember, caller: &Caller, role: Role, texts: &Texts) -> ShownMember {
    let is_self = member.user_id == caller.user.id;
    let choices = Role::ALL.into_iter().filter(|to| role.may_change(member.role, *to));
    let (name, address) = names(member);
    ShownMember {
        id: member.user_id.to_string(),
        name,
        address,
        role: texts.of_role(member.role),
        joined: member.joined_at.into(),
        is_self,
        roles: choices.map(|to| (RoleChoice::new(to, texts), to == member.role)).collect(),
        may_remove: !is_self && role.may_remove(member.role),
    }
}

impl RoleChoice {
    fn new(role: Role, texts: &Texts) -> Self {
        Self { value: role.as_str(), name: texts.of_role(role) }
    }
}

impl ShownInvite {
    fn new(invite: &Invite, texts: &Texts) -> Self {
        Self {
            id: invite.id.to_string(),
            email: invite.email.as_str().to_owned(),
            role: texts.of_role(invite.role),
            expires: invite.expires_at.into(),
        }
    }
}
