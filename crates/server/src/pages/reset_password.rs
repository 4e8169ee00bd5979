//! `/reset-password?token=`, where the mail leads to. Looking at it uses nothing up: mail scanners do.

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::reset_password::ResetPasswordCommand;
use doorward_domain::password::NewPassword;

use super::{
    form::Form,
    frame::Frame,
    sign_up::password_hint,
    visit::{Answer, Visit},
};
use crate::{auth::reset_password::ResetPasswordRequest, error::ApiError};

#[derive(Template)]
#[template(path = "reset-password.html")]
struct ResetPassword {
    page: Frame,
    form: Form,
    password_hint: String,
    password_min: usize,
}

pub(super) async fn show(visit: Visit) -> Answer {
    visit.show(StatusCode::OK, &page(&visit, Form::with(visit.fields.clone())))
}

pub(super) async fn submit(visit: Visit) -> Answer {
    match reset(&visit).await {
        Ok(()) => {
            // Whoever was signed in here may be somebody else.
            visit.end_session().await;
            visit.signed_out("/sign-in?done=password-set")
        }
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_link)?;
            visit.show(form.status, &page(&visit, form))
        }
    }
}

async fn reset(visit: &Visit) -> Result<(), ApiError> {
    let input: ResetPasswordRequest = visit.fields.clone().read()?;
    let command = ResetPasswordCommand {
        token: input.token.0,
        new_password: input.new_password,
        client: visit.client(),
    };
    visit.run(|app| async move { app.reset_password.run(command).await }).await
}

fn page(visit: &Visit, form: Form) -> ResetPassword {
    let password_hint = password_hint(visit);
    ResetPassword { page: visit.frame(), form, password_hint, password_min: NewPassword::MIN }
}
