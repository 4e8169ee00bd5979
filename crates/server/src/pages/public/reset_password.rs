//! `/reset-password?token=`, the page in the reset email. Loading it doesn't consume the token, because mail scanners
//! open links.

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::password::reset::ResetPasswordCommand;
use doorward_domain::{
    credential::password::NewPassword,
    token::{
        PlainToken,
        one_time::{LinkState, OneTimePurpose},
    },
};

use super::{dead_link, sign_up::password_hint};
use crate::{
    api::v1::password::reset::ResetPasswordRequest,
    http::error::ApiError,
    pages::{
        form::Form,
        frame::Frame,
        notices::Notice,
        visit::{Ended, PageRequest, PageResult},
    },
};

const PURPOSE: OneTimePurpose = OneTimePurpose::ResetPassword;

#[derive(Template)]
#[template(path = "reset-password.html")]
struct ResetPassword {
    page: Frame,
    form: Form,
    password_hint: String,
    password_min: usize,
}

pub(crate) async fn show(visit: PageRequest) -> PageResult {
    match visit.link_state(PURPOSE).await? {
        LinkState::Open => {
            visit.show(StatusCode::OK, &page(&visit, Form::with(visit.fields.clone())))
        }
        state => dead(&visit, state),
    }
}

fn dead(visit: &PageRequest, state: LinkState) -> PageResult {
    let LinkState::Dead { email: Some(email) } = state else {
        return dead_link::show(visit, "/forgot-password", None);
    };
    dead_link::show(visit, "/forgot-password", Some(email.as_str()))
}

pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    match reset(&visit).await {
        Ok(device) => {
            // Another user may have been signed in here.
            visit.end_session(Ended::SignedOut).await;
            visit.keep_device(&device);
            visit.signed_out("/sign-in", Notice::PasswordSet)
        }
        Err(error) => {
            // Errors of the password don't matter if the link is invalid.
            let is_about_form =
                matches!(error, ApiError::Unauthenticated(_) | ApiError::Validation(_));
            if is_about_form {
                let state = visit.link_state(PURPOSE).await?;
                if state != LinkState::Open {
                    return dead(&visit, state);
                }
            }
            let form = visit.refuse(error, visit.texts.error_link)?;
            visit.show(form.status, &page(&visit, form))
        }
    }
}

async fn reset(visit: &PageRequest) -> Result<PlainToken, ApiError> {
    let input: ResetPasswordRequest = visit.fields.clone().read()?;
    let command = ResetPasswordCommand {
        token: input.token.0,
        new_password: input.new_password,
        device_token: visit.device.as_ref().map(|token| token.expose().to_owned()),
        client: visit.client(),
    };
    visit.run(|app| async move { app.password.reset.run(command).await }).await
}

fn page(visit: &PageRequest, form: Form) -> ResetPassword {
    let password_hint = password_hint(visit);
    ResetPassword { page: visit.frame(), form, password_hint, password_min: NewPassword::MIN }
}
