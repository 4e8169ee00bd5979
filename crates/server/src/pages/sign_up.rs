//! `/sign-up`, also through an invite.

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::register::{RegisterCommand, SignedIn};
use doorward_domain::password::NewPassword;

use super::{
    form::Form,
    frame::Frame,
    next::{self, AFTER_SIGN_IN, own_page},
    visit::{Answer, Visit},
};
use crate::{auth::register::RegisterRequest, error::ApiError};

const OPTIONAL: [&str; 2] = ["full_name", "invite_token"];

#[derive(Template)]
#[template(path = "sign-up.html")]
struct SignUp {
    page: Frame,
    form: Form,
    next: String,
    sign_in: String,
    /// Whether the person may make an account.
    is_open: bool,
    password_hint: String,
    password_min: usize,
}

pub(super) async fn show(visit: Visit) -> Answer {
    if visit.caller.is_some() {
        return visit.go(own_page(visit.fields.text("next")));
    }
    let page = page(&visit, Form::with(visit.fields.clone()));
    let status = if page.is_open { StatusCode::OK } else { StatusCode::FORBIDDEN };
    visit.show(status, &page)
}

pub(super) async fn submit(visit: Visit) -> Answer {
    match sign_up(&visit).await {
        Ok(signed_in) => visit.signed_in(&signed_in, after(&visit)).await,
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            visit.show(form.status, &page(&visit, form))
        }
    }
}

/// Where the person goes on: where they wanted to go, or else to their account.
fn after(visit: &Visit) -> &str {
    let is_invited = !visit.fields.text("invite_token").is_empty();
    match own_page(visit.fields.text("next")) {
        AFTER_SIGN_IN if is_invited => "/account?done=joined",
        AFTER_SIGN_IN => "/account?done=signed-up",
        next => next,
    }
}

async fn sign_up(visit: &Visit) -> Result<SignedIn, ApiError> {
    let input: RegisterRequest = visit.fields.clone().clearing(&OPTIONAL).read()?;
    let command = RegisterCommand {
        email: input.email,
        username: input.username,
        password: input.password,
        full_name: input.full_name,
        invite_token: input.invite_token,
        client: visit.client(),
    };
    visit.run(|app| async move { app.register.run(command).await }).await
}

fn page(visit: &Visit, form: Form) -> SignUp {
    let next = own_page(visit.fields.text("next")).to_owned();
    let is_open = visit.registration_is_open() || !form.value("invite_token").is_empty();
    SignUp {
        page: visit.frame(),
        form,
        sign_in: next::with("/sign-in", &next),
        next,
        is_open,
        password_hint: password_hint(visit),
        password_min: NewPassword::MIN,
    }
}

/// What a new password has to be like.
pub(super) fn password_hint(visit: &Visit) -> String {
    let min = NewPassword::MIN.to_string();
    super::texts::fill(visit.texts.password_hint, &[("min", &min)])
}
