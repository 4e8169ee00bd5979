//! `/verify-email?token=`, where the mail leads to. Looking at it uses nothing up: mail scanners do.

use actix_web::http::StatusCode;
use askama::Template;
use doorward_domain::one_time_token::{LinkState, OneTimePurpose};

use super::{
    dead_link,
    form::Form,
    frame::Frame,
    notices::Notice,
    texts::fill,
    visit::{Answer, Visit},
};
use crate::{
    auth::{resend_verification::ResendVerificationRequest, verify_email::VerifyEmailRequest},
    error::ApiError,
};

const RESEND: &str = "/verify-email/resend";

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
    /// What is said of the address of a user who is signed in: it is not asked for.
    own: Option<String>,
}

pub(super) async fn show(visit: Visit) -> Answer {
    match visit.link_state(OneTimePurpose::VerifyEmail).await? {
        LinkState::Open => {
            let form = Form::with(visit.fields.clone());
            visit.show(StatusCode::OK, &VerifyEmail { page: visit.frame(), form })
        }
        LinkState::Done => dead_link::show_confirmed(&visit),
        // Another link of theirs has done it.
        LinkState::Dead { .. } if visit.is_verified() => dead_link::show_confirmed(&visit),
        LinkState::Dead { email } => dead(&visit, email.as_ref().map(|email| email.as_str())),
    }
}

pub(super) async fn submit(visit: Visit) -> Answer {
    match verify(&visit).await {
        Ok(()) if visit.caller.is_some() => visit.go_with("/account", Notice::Confirmed),
        Ok(()) => visit.go_with("/sign-in", Notice::Confirmed),
        Err(ApiError::Unauthenticated { .. } | ApiError::Validation(_)) => {
            match visit.link_state(OneTimePurpose::VerifyEmail).await? {
                LinkState::Dead { email: Some(email) } => dead(&visit, Some(email.as_str())),
                _ => dead(&visit, None),
            }
        }
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_link)?;
            visit.show(form.status, &VerifyEmail { page: visit.frame(), form })
        }
    }
}

pub(super) async fn show_resend(visit: Visit) -> Answer {
    if visit.is_verified() {
        return dead_link::show_confirmed(&visit);
    }
    let form = Form::with(visit.fields.clone());
    show_form(&visit, StatusCode::OK, form)
}

/// Says the same whether there is such an account or not. A user who is signed in is sent the email for the
/// address of their account.
pub(super) async fn resend(visit: Visit) -> Answer {
    if visit.is_verified() {
        return dead_link::show_confirmed(&visit);
    }
    match ask(&visit).await {
        Ok(()) if visit.caller.is_some() => visit.go_with("/account", Notice::VerificationSent),
        Ok(()) => visit.go_with("/sign-in", Notice::MailSent),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            show_form(&visit, form.status, form)
        }
    }
}

fn dead(visit: &Visit, email: Option<&str>) -> Answer {
    dead_link::show(visit, RESEND, email)
}

fn show_form(visit: &Visit, status: StatusCode, form: Form) -> Answer {
    let own = visit.caller.as_deref().map(|caller| {
        let values = [("email", caller.user.email.as_str())];
        fill(visit.texts.confirm_first_at, &values)
    });
    visit.show(status, &ResendVerification { page: visit.frame(), form, own })
}

async fn verify(visit: &Visit) -> Result<(), ApiError> {
    let input: VerifyEmailRequest = visit.fields.clone().read()?;
    let client = visit.client();
    visit.run(|app| async move { app.verify_email.run(&input.token.0, &client).await }).await
}

async fn ask(visit: &Visit) -> Result<(), ApiError> {
    let email = match visit.caller.as_deref() {
        Some(caller) => caller.user.email.clone(),
        None => visit.fields.clone().read::<ResendVerificationRequest>()?.email,
    };
    visit.run(|app| async move { app.resend_verification.run(email).await }).await
}
