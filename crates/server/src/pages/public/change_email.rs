//! `/verify-email/change`: changes the email address of an account that has not verified its current one.
//!
//! If users can't sign in before they have verified their email address, they may no longer have a session. The form
//! then asks for the username as well.

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::{
    Caller,
    account::change_email::{ChangeEmailCommand, ChangedBySignIn},
    sign_in::password::LoginCommand,
};

use super::dead_link;
use crate::{
    api::v1::{account::change_email::ChangeEmailRequest, sign_in::password::LoginRequest},
    http::error::ApiError,
    pages::{
        PageError,
        form::Form,
        frame::Frame,
        notices::Notice,
        texts::fill,
        visit::{PageRequest, PageResult},
    },
};

#[derive(Template)]
#[template(path = "change-email.html")]
struct ChangeEmail {
    page: Frame,
    form: Form,
    /// The username of the signed-in user. `None` shows a field for the username.
    username: Option<String>,
    about: String,
}

/// Returns the response for users who can't change their email address here.
fn instead(visit: &PageRequest) -> Option<PageResult> {
    if visit.is_verified() {
        return Some(dead_link::show_confirmed(visit));
    }
    let must_sign_in = visit.caller.is_none() && !visit.requires_verified_email();
    must_sign_in.then_some(Err(PageError::SignInFirst))
}

pub(crate) async fn show(visit: PageRequest) -> PageResult {
    if let Some(answer) = instead(&visit) {
        return answer;
    }
    visit.show(StatusCode::OK, &page(&visit, Form::default()))
}

pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    if let Some(answer) = instead(&visit) {
        return answer;
    }
    match change(&visit).await {
        Ok(ChangedBySignIn::Changed) => {
            let next = if visit.caller.is_some() { "/account" } else { "/sign-in" };
            visit.go_with(next, Notice::EmailChanged)
        }
        Ok(ChangedBySignIn::SignedIn(signed_in)) => {
            visit.notify("/account", Some(signed_in.user.id), Notice::EmailKept);
            visit.signed_in(&signed_in, "/account").await
        }
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            visit.show(form.status, &page(&visit, form))
        }
    }
}

async fn change(visit: &PageRequest) -> Result<ChangedBySignIn, ApiError> {
    let ChangeEmailRequest { email, current_password } = visit.fields.clone().read()?;
    let Some(caller) = visit.caller.clone() else {
        return change_by_sign_in(visit, email).await;
    };
    let command = ChangeEmailCommand { email, current_password };
    visit.run(|app| async move { app.account.change_email.run(&caller, command).await }).await?;
    Ok(ChangedBySignIn::Changed)
}

async fn change_by_sign_in(
    visit: &PageRequest,
    email: doorward_domain::account::email::EmailAddress,
) -> Result<ChangedBySignIn, ApiError> {
    let fields = visit.fields.clone().renaming("current_password", "password");
    let input: LoginRequest = fields.read()?;
    let sign_in = LoginCommand {
        name: input.username.0,
        password: input.password,
        device_token: visit.device.as_ref().map(|token| token.expose().to_owned()),
        client: visit.client(),
        over_limit: None,
    };
    visit.run(|app| async move { app.account.change_email.by_sign_in(sign_in, email).await }).await
}

fn page(visit: &PageRequest, form: Form) -> ChangeEmail {
    let caller: Option<&Caller> = visit.caller.as_deref();
    let about = match caller {
        Some(caller) => {
            let values = [("email", caller.user.email.as_str())];
            fill(visit.texts.change_email_about, &values)
        }
        None => visit.texts.change_email_signed_out.to_owned(),
    };
    let username = caller.map(|caller| caller.user.username.as_str().to_owned());
    ChangeEmail { page: visit.frame(), form, username, about }
}
