//! `/forgot-password`

use actix_web::http::StatusCode;
use askama::Template;
use doorward_domain::token::one_time::OneTimePurpose;

use crate::{
    api::v1::password::forgot::ForgotPasswordRequest,
    http::error::ApiError,
    pages::{
        form::Form,
        frame::Frame,
        texts::fill,
        visit::{PageRequest, PageResult},
    },
};

#[derive(Template)]
#[template(path = "forgot-password.html")]
struct ForgotPassword {
    page: Frame,
    form: Form,
    /// The text shown after the request.
    sent: Option<String>,
}

pub(crate) async fn show(visit: PageRequest) -> PageResult {
    let form = Form::with(visit.fields.clone());
    visit.show(StatusCode::OK, &ForgotPassword { page: visit.frame(), form, sent: None })
}

/// Requests a link. The response doesn't reveal whether the account exists.
pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    match ask(&visit).await {
        Ok(()) => {
            let email = visit.fields.text("email");
            let hours =
                OneTimePurpose::ResetPassword.valid_for_at_least().whole_hours().to_string();
            let values = [("email", email), ("hours", &*hours)];
            let sent = Some(fill(visit.texts.sent_mail, &values));
            let (page, form) = (visit.frame(), Form::default());
            visit.show(StatusCode::OK, &ForgotPassword { page, form, sent })
        }
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            visit.show(form.status, &ForgotPassword { page: visit.frame(), form, sent: None })
        }
    }
}

async fn ask(visit: &PageRequest) -> Result<(), ApiError> {
    let input: ForgotPasswordRequest = visit.fields.clone().read()?;
    visit.run(|app| async move { app.password.forgot.run(input.email).await }).await
}
