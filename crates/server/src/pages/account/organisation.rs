//! `/account/organisations/{org_id}`: one organisation, with its members and invites for those who may see
//! them.

use std::sync::Arc;

use askama::Template;
use doorward_application::{Caller, in_org::OrgDenied};
use doorward_domain::{
    OrgId,
    invite::Invite,
    membership::Member as OrgMember,
    org::Workspace,
    page::{PageLimit, PageRequest},
    role::{Permission, Role},
};

use super::when::When;
use crate::{
    error::ApiError,
    orgs::update_org::UpdateOrgRequest,
    pages::{
        form::Form,
        frame::Frame,
        texts::{Texts, fill},
        visit::{Answer, Member, Visit},
    },
};

#[derive(Template)]
#[template(path = "account/organisation.html")]
struct OrganisationPage {
    page: Frame,
    form: Form,
    id: String,
    name: String,
    role: &'static str,
    is_shared: bool,
    is_current: bool,
    may_rename: bool,
    members: Vec<ShownMember>,
    more_members: Option<String>,
    /// The roles that the person may invite into, if any.
    inviting: Vec<RoleChoice>,
    invite_about: String,
    invites: Vec<ShownInvite>,
    more_invites: Option<String>,
}

struct RoleChoice {
    value: &'static str,
    name: &'static str,
}

struct ShownMember {
    id: String,
    name: String,
    /// By what else they are told apart: their address where the person may see it, or else their user name.
    address: Option<String>,
    role: &'static str,
    joined: When,
    is_self: bool,
    /// The roles that the person may give them, their own one too.
    roles: Vec<(RoleChoice, bool)>,
    may_remove: bool,
}

struct ShownInvite {
    id: String,
    email: String,
    role: &'static str,
    expires: When,
}

/// All that the page shows, read by the use cases.
struct Found {
    workspace: Workspace,
    members: Vec<OrgMember>,
    more_members: Option<String>,
    invites: Vec<Invite>,
    more_invites: Option<String>,
}

pub(in crate::pages) async fn show(Member { visit, caller }: Member) -> Answer {
    page(&visit, caller, Form::default()).await
}

pub(in crate::pages) async fn rename(Member { visit, caller }: Member) -> Answer {
    let id = visit.path("org_id");
    let renamed = match visit.fields.clone().read::<UpdateOrgRequest>() {
        Ok(input) => {
            let (caller, name) = (caller.clone(), input.name);
            visit.run(|app| async move { app.rename_org.run(&caller, &id, name).await }).await
        }
        Err(error) => Err(error),
    };
    done(&visit, caller, renamed.map(drop), "org-renamed").await
}

pub(in crate::pages) async fn switch(Member { visit, caller }: Member) -> Answer {
    let id = visit.path("org_id");
    let (_, access) =
        visit.run(|app| async move { app.switch_org.run(&caller, &id).await }).await?;
    visit.switched(&access);
    visit.go("/account/organisations?done=switched")
}

pub(in crate::pages) async fn leave(Member { visit, caller }: Member) -> Answer {
    let (id, own) = (visit.path("org_id"), caller.user.id.to_string());
    let leaver = caller.clone();
    let left =
        visit.run(|app| async move { app.remove_member.run(&leaver, &id, &own).await }).await;
    match left {
        Ok(()) => visit.go("/account/organisations?done=left"),
        Err(error) => done(&visit, caller, Err(error), "left").await,
    }
}

/// Whoever loads the address of a form.
pub(in crate::pages) async fn back(Member { visit, .. }: Member) -> Answer {
    let id: OrgId = visit.path("org_id").parse().map_err(|_| ApiError::NotFound)?;
    visit.go(&format!("/account/organisations/{id}"))
}

/// Leads back to the page, which says what was done; or shows it with what was refused.
pub(super) async fn done(
    visit: &Visit,
    caller: Arc<Caller>,
    outcome: Result<(), ApiError>,
    word: &str,
) -> Answer {
    match outcome {
        Ok(()) => {
            let id = visit.path("org_id");
            visit.go(&format!("/account/organisations/{id}?done={word}"))
        }
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            page(visit, caller, form).await
        }
    }
}

async fn page(visit: &Visit, caller: Arc<Caller>, form: Form) -> Answer {
    let Found { workspace, members, more_members, invites, more_invites } =
        find(visit, caller.clone()).await?;
    let Workspace { org, role } = workspace;
    let (members, invites) = (members.iter(), invites.iter());
    let inviting = Role::ALL.into_iter().rev().filter(|asked| role.may_invite_as(*asked));
    let is_shared = org.kind.is_shared();
    let status = form.status;
    let shown = OrganisationPage {
        page: visit.frame(),
        form,
        id: org.id.to_string(),
        name: org.name.as_str().to_owned(),
        role: visit.texts.of_role(role),
        is_shared,
        is_current: caller.org_id() == Some(org.id),
        may_rename: role.permits(Permission::OrgUpdate),
        members: members.map(|member| shown(member, &caller, role, visit.texts)).collect(),
        more_members,
        inviting: inviting
            .filter(|_| is_shared)
            .map(|role| RoleChoice::new(role, visit.texts))
            .collect(),
        invite_about: fill(
            visit.texts.invite_someone_about,
            &[("days", &Invite::LIFETIME.whole_days().to_string())],
        ),
        invites: invites.map(|invite| ShownInvite::new(invite, visit.texts)).collect(),
        more_invites,
    };
    visit.show(status, &shown)
}

async fn find(visit: &Visit, caller: Arc<Caller>) -> Result<Found, ApiError> {
    let id = visit.path("org_id");
    let after_member = visit.fields.text("after_member").parse().ok();
    let after_invite = visit.fields.text("after_invite").parse().ok();
    let found = visit.run(|app| async move {
        let limit = PageLimit::DEFAULT;
        let workspace = app.get_org.run(&caller, &id).await?;
        let members = PageRequest { limit, after: after_member };
        let members = app.list_members.run(&caller, &id, members).await?;
        let mut found = Found {
            members: members.items,
            more_members: members.next.map(|id| id.to_string()),
            invites: Vec::new(),
            more_invites: None,
            workspace,
        };
        if found.workspace.permits(Permission::InviteList) {
            let invites = PageRequest { limit, after: after_invite };
            let invites = app.list_invites.run(&caller, &id, invites).await?;
            found.invites = invites.items;
            found.more_invites = invites.next.map(|id| id.to_string());
        }
        Ok::<_, OrgDenied>(found)
    });
    found.await
}

fn shown(member: &OrgMember, caller: &Caller, role: Role, texts: &Texts) -> ShownMember {
    let is_self = member.user_id == caller.user.id;
    let choices = Role::ALL.into_iter().filter(|to| role.may_change(member.role, *to));
    let username = member.username.as_str();
    let name = member.full_name.as_ref().map(|name| name.as_str().trim());
    let name = name.filter(|name| !name.is_empty()).unwrap_or(username);
    let address = member.email.as_ref().map_or(username, |email| email.as_str());
    ShownMember {
        id: member.user_id.to_string(),
        name: name.to_owned(),
        address: Some(address).filter(|address| *address != name).map(str::to_owned),
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
