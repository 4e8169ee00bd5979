//! `/invite?token=`, where the mail leads to: who invites whom where, and how to come in.

use std::sync::Arc;

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::{Caller, invite_info::Invitation};

use super::{
    form::Form,
    frame::Frame,
    next,
    texts::fill,
    visit::{Answer, Visit},
};
use crate::{auth::accept_invite::AcceptInviteRequest, error::ApiError};

#[derive(Template)]
#[template(path = "invite.html")]
struct Invite {
    page: Frame,
    form: Form,
    invitation: Option<Shown>,
}

/// An invitation that is open.
struct Shown {
    about: String,
    for_whom: String,
    way_in: WayIn,
}

/// How the person comes in.
enum WayIn {
    /// By a button.
    Accept { hint: String },
    /// By another account than the one that is signed in.
    OtherAccount { about: String },
    /// By an account that is there or that has to be made.
    Account { sign_up: String, sign_in: String, has_account: bool },
}

pub(super) async fn show(visit: Visit) -> Answer {
    let form = Form::with(visit.fields.clone());
    page(&visit, form).await
}

pub(super) async fn submit(visit: Visit) -> Answer {
    let Some(caller) = visit.caller.clone() else {
        // The session has ended since the page was shown: the invite is not to get lost for that.
        let here = invited("/invite", &[("token", visit.fields.text("token"))]);
        return visit.go(&next::with("/sign-in", &here));
    };
    match accept(&visit, caller).await {
        Ok(org) => visit.go(&format!("/account/organisations/{org}?done=joined")),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            page(&visit, form).await
        }
    }
}

async fn accept(visit: &Visit, caller: Arc<Caller>) -> Result<String, ApiError> {
    let input: AcceptInviteRequest = visit.fields.clone().read()?;
    let token = input.token.0;
    let joined =
        visit.run(|app| async move { app.accept_invite.run(&caller, &token).await }).await?;
    Ok(joined.org.id.to_string())
}

async fn page(visit: &Visit, form: Form) -> Answer {
    let token = form.value("token").to_owned();
    let sought = token.clone();
    let found = visit.run(|app| async move { app.invite_info.invitation(&sought).await }).await?;
    let invitation = found.map(|found| shown(visit, &found, &token));
    let status = if invitation.is_some() { form.status } else { StatusCode::UNPROCESSABLE_ENTITY };
    visit.show(status, &Invite { page: visit.frame(), form, invitation })
}

fn shown(visit: &Visit, invitation: &Invitation, token: &str) -> Shown {
    let texts = visit.texts;
    let email = invitation.email.as_str();
    let role = texts.of_role(invitation.role);
    let values =
        [("who", &*invitation.invited_by), ("org", invitation.org.as_str()), ("role", role)];
    Shown {
        about: fill(texts.invite_accept, &values),
        for_whom: fill(texts.invite_for, &[("email", email)]),
        way_in: match visit.caller.as_deref() {
            Some(caller) if caller.user.email.key() == invitation.email.key() => {
                WayIn::Accept { hint: fill(texts.invite_accept_hint, &[("email", email)]) }
            }
            Some(caller) => {
                let mine = caller.user.email.as_str();
                let values = [("email", email), ("mine", mine)];
                WayIn::OtherAccount { about: fill(texts.invite_for_other, &values) }
            }
            None => WayIn::Account {
                sign_up: invited("/sign-up", &[("invite_token", token), ("email", email)]),
                sign_in: next::with("/sign-in", &invited("/invite", &[("token", token)])),
                has_account: invitation.has_account,
            },
        },
    }
}

fn invited(page: &str, fields: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("{page}?{query}")
}
