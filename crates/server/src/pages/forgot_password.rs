//! `/forgot-password`

use actix_web::http::StatusCode;
use askama::Template;
use doorward_domain::one_time_token::OneTimePurpose;

use super::{
    form::Form,
    frame::Frame,
    texts::fill,
    visit::{Answer, Visit},
};
use crate::{auth::forgot_password::ForgotPasswordRequest, error::ApiError};

#[derive(Template)]
#[template(path = "forgot-password.html")]
struct ForgotPassword {
    page: Frame,
    form: Form,
    /// What happens now, once it was asked for.
    sent: Option<String>,
}

pub(super) async fn show(visit: Visit) -> Answer {
    let form = Form::with(visit.fields.clone());
    visit.show(StatusCode::OK, &ForgotPassword { page: visit.frame(), form, sent: None })
}

/// Says the same whether there is such an account or not.
pub(super) async fn submit(visit: Visit) -> Answer {
    match ask(&visit).await {
        Ok(()) => {
            let email = visit.fields.text("email");
            let minutes = OneTimePurpose::ResetPassword.lifetime().whole_minutes().to_string();
            let values = [("email", email), ("minutes", &*minutes)];
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

async fn ask(visit: &Visit) -> Result<(), ApiError> {
    let input: ForgotPasswordRequest = visit.fields.clone().read()?;
    visit.run(|app| async move { app.forgot_password.run(input.email).await }).await
}
