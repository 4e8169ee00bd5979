//! `/invite?token=`, the page in the invite email. It shows the invite and lets the user join.

use std::sync::Arc;

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::{
    Caller,
    invites::info::{Invitation, InvitationState},
};

use super::dead_link;
use crate::{
    api::v1::invites::accept::AcceptInviteRequest,
    http::error::ApiError,
    pages::{
        form::Form,
        frame::Frame,
        next,
        notices::Notice,
        texts::{Texts, fill},
        visit::{PageRequest, PageResult},
    },
};

#[derive(Template)]
#[template(path = "invite.html")]
struct Invite {
    page: Frame,
    form: Form,
    title: String,
    way_in: WayIn,
}

/// How the user can join.
enum WayIn {
    /// The user is already a member.
    Joined { org: String },
    /// With a button.
    Accept { about: String, hint: String },
    /// With another account than the signed-in one.
    OtherAccount { about: String, hint: String, here: String },
    /// By signing in to an existing account or creating one.
    Account { about: String, hint: String, sign_up: String, sign_in: String, has_account: bool },
}

pub(crate) async fn show(visit: PageRequest) -> PageResult {
    let form = Form::with(visit.fields.clone());
    page(&visit, form).await
}

pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    let Some(caller) = visit.caller.clone() else {
        // The session has ended since the page was shown. The invite must not get lost.
        return visit.redirect(&next::with("/sign-in", &here(visit.fields.text("token"))));
    };
    match accept(&visit, caller).await {
        Ok(org) => visit.go_with(&format!("/account/organizations/{org}"), Notice::Joined),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            page(&visit, form).await
        }
    }
}

async fn accept(visit: &PageRequest, caller: Arc<Caller>) -> Result<String, ApiError> {
    let input: AcceptInviteRequest = visit.fields.clone().read()?;
    let token = input.token.0;
    let joined =
        visit.run(|app| async move { app.invites.accept.run(&caller, &token).await }).await?;
    Ok(joined.org.id.to_string())
}

/// Returns the state of the invite of a token, for the signed-in user.
pub(crate) async fn find(visit: &PageRequest, token: &str) -> Result<InvitationState, ApiError> {
    let (token, caller) = (token.to_owned(), visit.caller.clone());
    let found = visit
        .run(|app| async move { app.invites.info.invitation(&token, caller.as_deref()).await });
    found.await
}

/// Returns the text that says who invites, to which organization, and as what role.
pub(crate) fn about(invitation: &Invitation, texts: &Texts) -> String {
    let role = texts.of_role(invitation.role);
    let values =
        [("who", &*invitation.invited_by), ("org", invitation.org.as_str()), ("role", role)];
    fill(texts.invite_accept, &values)
}

/// Returns the path of the page of an invite.
pub(crate) fn here(token: &str) -> String {
    next::query("/invite", &[("token", token)])
}

async fn page(visit: &PageRequest, form: Form) -> PageResult {
    let token = form.value("token").to_owned();
    let (title, way_in) = match find(visit, &token).await? {
        InvitationState::Open(invitation) => {
            (visit.texts.invite_title.to_owned(), way_in(visit, &invitation, &token))
        }
        InvitationState::Joined(org) => {
            let title = fill(visit.texts.already_member, &[("org", org.name.as_str())]);
            (title, WayIn::Joined { org: org.id.to_string() })
        }
        InvitationState::Closed => return dead_link::show_invitation(visit, &token),
    };
    // An error doesn't matter to a user who is already a member.
    let is_in = matches!(way_in, WayIn::Joined { .. });
    let status = if is_in { StatusCode::OK } else { form.status };
    let form = if is_in { Form::default() } else { form };
    visit.show(status, &Invite { page: visit.frame(), form, title, way_in })
}

fn way_in(visit: &PageRequest, invitation: &Invitation, token: &str) -> WayIn {
    let (texts, email) = (visit.texts, invitation.email.as_str());
    let about = about(invitation, texts);
    match visit.caller.as_deref() {
        Some(caller) if caller.user.email.key() == invitation.email.key() => {
            WayIn::Accept { about, hint: fill(texts.invite_accept_hint, &[("email", email)]) }
        }
        Some(caller) => {
            let values = [("email", email), ("mine", caller.user.email.as_str())];
            let hint = fill(texts.invite_for_other, &values);
            WayIn::OtherAccount { about, hint, here: here(token) }
        }
        None => WayIn::Account {
            about,
            hint: fill(texts.invite_for, &[("email", email)]),
            sign_up: next::query("/sign-up", &[("invite_token", token), ("email", email)]),
            sign_in: next::with("/sign-in", &here(token)),
            has_account: invitation.has_account,
        },
    }
}
