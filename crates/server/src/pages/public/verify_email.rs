//! `/verify-email?token=`, the page in the verification email. Loading it doesn't consume the token, because mail scanners
//! open links.

use std::sync::Arc;

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::{Application, account::verify_email::Visitor};
use doorward_domain::{
    credential::password::Password,
    token::one_time::{LinkState, OneTimePurpose},
};

use super::dead_link;
use crate::{
    api::v1::account::{
        resend_verification::ResendVerificationRequest, verify_email::VerifyEmailRequest,
    },
    http::error::ApiError,
    pages::{
        form::Form,
        frame::Frame,
        next,
        notices::Notice,
        texts::fill,
        visit::{PageRequest, PageResult},
    },
};

const RESEND: &str = "/verify-email/resend";

#[derive(Template)]
#[template(path = "verify-email.html")]
struct VerifyEmail {
    page: Frame,
    form: Form,
    /// Whether the user has to enter the password of the account.
    asks_password: bool,
    /// The page that deletes the account.
    disown: String,
}

#[derive(Template)]
#[template(path = "resend-verification.html")]
struct ResendVerification {
    page: Frame,
    form: Form,
    /// The text with the email address of the signed-in user, which replaces the field.
    own: Option<String>,
}

pub(crate) async fn show(visit: PageRequest) -> PageResult {
    match visit.link_state(OneTimePurpose::VerifyEmail).await? {
        LinkState::Open => {
            let asks_password = !is_registrant(&visit).await?;
            page(&visit, StatusCode::OK, Form::with(visit.fields.clone()), asks_password)
        }
        LinkState::Done => dead_link::show_confirmed(&visit),
        // The user has already confirmed the email address with another link.
        LinkState::Dead { .. } if visit.is_verified() => dead_link::show_confirmed(&visit),
        LinkState::Dead { email } => dead(&visit, email.as_ref().map(|email| email.as_str())),
    }
}

pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    let asks_password = !is_registrant(&visit).await?;
    match verify(&visit, asks_password).await {
        Ok(()) if visit.caller.is_some() => visit.go_with("/account", Notice::Confirmed),
        Ok(()) => visit.go_with("/sign-in", Notice::Confirmed),
        Err(error @ ApiError::Validation(_)) if asks_password => {
            let form = visit.refuse(error, visit.texts.error_link)?;
            page(&visit, form.status, form, asks_password)
        }
        Err(ApiError::Unauthenticated(_) | ApiError::Validation(_)) => {
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

pub(crate) async fn show_resend(visit: PageRequest) -> PageResult {
    if visit.is_verified() {
        return dead_link::show_confirmed(&visit);
    }
    let form = Form::with(visit.fields.clone());
    show_form(&visit, StatusCode::OK, form)
}

/// Requests another verification email. The response doesn't reveal whether the account exists. For a signed-in user,
/// the email goes to the address of their account.
pub(crate) async fn resend(visit: PageRequest) -> PageResult {
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

fn dead(visit: &PageRequest, email: Option<&str>) -> PageResult {
    dead_link::show(visit, RESEND, email)
}

fn show_form(visit: &PageRequest, status: StatusCode, form: Form) -> PageResult {
    let own = visit.caller.as_deref().map(|caller| {
        let values = [("email", caller.user.email.as_str())];
        fill(visit.texts.confirm_first_at, &values)
    });
    visit.show(status, &ResendVerification { page: visit.frame(), form, own })
}

fn page(visit: &PageRequest, status: StatusCode, form: Form, asks_password: bool) -> PageResult {
    let disown = next::query("/verify-email/not-me", &[("token", visit.fields.text("token"))]);
    visit.show(status, &VerifyEmail { page: visit.frame(), form, asks_password, disown })
}

fn visitor(visit: &PageRequest) -> Visitor {
    Visitor {
        user_id: visit.caller.as_ref().map(|caller| caller.user.id),
        device_token: visit.device.as_ref().map(|token| token.expose().to_owned()),
    }
}

/// Returns `true` if the browser is that of the registration. Others have to enter the password.
async fn is_registrant(visit: &PageRequest) -> Result<bool, ApiError> {
    let (token, visitor) = (visit.fields.text("token").to_owned(), visitor(visit));
    visit
        .run(|app| async move { app.account.verify_email.is_registrant(&token, &visitor).await })
        .await
}

async fn verify(visit: &PageRequest, asks_password: bool) -> Result<(), ApiError> {
    let input: VerifyEmailRequest = visit.fields.clone().read()?;
    let (token, client) = (input.token.0, visit.client());
    if asks_password {
        let password = Password::new(visit.fields.text("current_password"));
        let visitor = visitor(visit);
        let by_password = |app: Arc<Application>| async move {
            app.account.verify_email.by_password(&token, password, visitor, &client).await
        };
        return visit.run(by_password).await;
    }
    visit.run(|app| async move { app.account.verify_email.run(&token, &client).await }).await
}

async fn ask(visit: &PageRequest) -> Result<(), ApiError> {
    let email = match visit.caller.as_deref() {
        Some(caller) => caller.user.email.clone(),
        None => visit.fields.clone().read::<ResendVerificationRequest>()?.email,
    };
    visit.run(|app| async move { app.account.resend_verification.run(email).await }).await
}
