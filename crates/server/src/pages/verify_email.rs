//! `/verify-email?token=`, where the mail leads to. Looking at it uses nothing up: mail scanners do.

use actix_web::http::StatusCode;
use askama::Template;

use super::{
    form::Form,
    frame::Frame,
    visit::{Answer, Visit},
};
use crate::{
    auth::{resend_verification::ResendVerificationRequest, verify_email::VerifyEmailRequest},
    error::ApiError,
};

#[derive(Template)]
#[template(path = "verify-email.html")]
struct VerifyEmail {
    page: Frame,
    form: Form,
}

#[derive(Template)]
#[template(path = "resend-verification.html")]
struct ResendVerification {
    page: Frame,
    form: Form,
}

pub(super) async fn show(visit: Visit) -> Answer {
    if visit.fields.text("token").is_empty() {
        return visit.go("/verify-email/resend");
    }
    let form = Form::with(visit.fields.clone());
    visit.show(StatusCode::OK, &VerifyEmail { page: visit.frame(), form })
}

pub(super) async fn submit(visit: Visit) -> Answer {
    match verify(&visit).await {
        Ok(()) if visit.caller.is_some() => visit.go("/account?done=confirmed"),
        Ok(()) => visit.go("/sign-in?done=confirmed"),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_link)?;
            visit.show(form.status, &VerifyEmail { page: visit.frame(), form })
        }
    }
}

pub(super) async fn show_resend(visit: Visit) -> Answer {
    let form = Form::with(visit.fields.clone());
    visit.show(StatusCode::OK, &ResendVerification { page: visit.frame(), form })
}

/// Says the same whether there is such an account or not.
pub(super) async fn resend(visit: Visit) -> Answer {
    match ask(&visit).await {
        Ok(()) if visit.caller.is_some() => visit.go("/account?done=mail-sent"),
        Ok(()) => visit.go("/sign-in?done=mail-sent"),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            visit.show(form.status, &ResendVerification { page: visit.frame(), form })
        }
    }
}

async fn verify(visit: &Visit) -> Result<(), ApiError> {
    let input: VerifyEmailRequest = visit.fields.clone().read()?;
    let client = visit.client();
    visit.run(|app| async move { app.verify_email.run(&input.token.0, &client).await }).await
}

async fn ask(visit: &Visit) -> Result<(), ApiError> {
    let input: ResendVerificationRequest = visit.fields.clone().read()?;
    visit.run(|app| async move { app.resend_verification.run(input.email).await }).await
}
