//! `/verify-email?token=`, where the mail leads to. Looking at it uses nothing up: mail scanners do.

use std::sync::Arc;

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::{Application, verify_email::Visitor};
use doorward_domain::{
    one_time_token::{LinkState, OneTimePurpose},
    password::Password,
};

use super::{
    dead_link,
    form::Form,
    frame::Frame,
    next,
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
    /// Whether the visitor has to show that the account is theirs.
    asks_password: bool,
    /// The page that deletes the account.
    disown: String,
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
            let asks_password = !is_registrant(&visit).await?;
            page(&visit, StatusCode::OK, Form::with(visit.fields.clone()), asks_password)
        }
        LinkState::Done => dead_link::show_confirmed(&visit),
        // Another link of theirs has done it.
        LinkState::Dead { .. } if visit.is_verified() => dead_link::show_confirmed(&visit),
        LinkState::Dead { email } => dead(&visit, email.as_ref().map(|email| email.as_str())),
    }
}

pub(super) async fn submit(visit: Visit) -> Answer {
    let asks_password = !is_registrant(&visit).await?;
    match verify(&visit, asks_password).await {
        Ok(()) if visit.caller.is_some() => visit.go_with("/account", Notice::Confirmed),
        Ok(()) => visit.go_with("/sign-in", Notice::Confirmed),
        Err(error @ ApiError::Validation(_)) if asks_password => {
            let form = visit.refuse(error, visit.texts.error_link)?;
            page(&visit, form.status, form, asks_password)
        }
        Err(ApiError::Unauthenticated { .. } | ApiError::Validation(_)) => {
            match visit.link_state(OneTimePurpose::VerifyEmail).await? {
                LinkState::Dead { email: Some(email) } => dead(&visit, Some(email.as_str())),
                _ => dead(&visit, None),
            }
        }
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_link)?;
            page(&visit, form.status, form, asks_password)
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

fn page(visit: &Visit, status: StatusCode, form: Form, asks_password: bool) -> Answer {
    let disown = next::query("/verify-email/not-me", &[("token", visit.fields.text("token"))]);
    visit.show(status, &VerifyEmail { page: visit.frame(), form, asks_password, disown })
}

fn visitor(visit: &Visit) -> Visitor {
    Visitor {
        user_id: visit.caller.as_ref().map(|caller| caller.user.id),
        device_token: visit.device.as_ref().map(|token| token.expose().to_owned()),
    }
}

/// Asks for the password only whom the account may not belong to.
async fn is_registrant(visit: &Visit) -> Result<bool, ApiError> {
    let (token, visitor) = (visit.fields.text("token").to_owned(), visitor(visit));
    visit.run(|app| async move { app.verify_email.is_registrant(&token, &visitor).await }).await
}

async fn verify(visit: &Visit, asks_password: bool) -> Result<(), ApiError> {
    let input: VerifyEmailRequest = visit.fields.clone().read()?;
    let (token, client) = (input.token.0, visit.client());
    if asks_password {
        let password = Password::presented(visit.fields.text("current_password"));
        let visitor = visitor(visit);
        let by_password = |app: Arc<Application>| async move {
            app.verify_email.by_password(&token, password, visitor, &client).await
        };
        return visit.run(by_password).await;
    }
    visit.run(|app| async move { app.verify_email.run(&token, &client).await }).await
}

async fn ask(visit: &Visit) -> Result<(), ApiError> {
    let email = match visit.caller.as_deref() {
        Some(caller) => caller.user.email.clone(),
        None => visit.fields.clone().read::<ResendVerificationRequest>()?.email,
    };
    visit.run(|app| async move { app.resend_verification.run(email).await }).await
}
