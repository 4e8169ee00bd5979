//! `POST /v1/auth/forgot-password`: asks for a new password. The answer is the same for every address.

use actix_web::web::Json;
use doorward_application::forgot_password::ForgotPasswordError;
use doorward_domain::email::EmailAddress;

use crate::{
    error::ApiError,
    extract::{Guest, body},
};

body! {
    ForgotPasswordBody {
        email: EmailAddress = required(|text| Ok(EmailAddress::parse(text)?)),
    }
}

pub(crate) async fn handle(guest: Guest) -> Result<Json<()>, ApiError> {
    let body: ForgotPasswordBody = guest.body()?;
    guest.run(|app| async move { app.forgot_password.run(body.email).await }).await?;
    Ok(Json(()))
}

impl From<ForgotPasswordError> for ApiError {
    fn from(error: ForgotPasswordError) -> Self {
        match error {
            ForgotPasswordError::Failure(failure) => failure.into(),
        }
    }
}
