//! `POST /v1/auth/resend-verification`: asks for the verification mail again. The answer is the same for every address.

use actix_web::web::Json;
use doorward_application::resend_verification::ResendVerificationError;
use doorward_domain::email::EmailAddress;

use crate::{
    error::ApiError,
    extract::{Guest, body},
};

body! {
    ResendVerificationBody {
        email: EmailAddress = required(|text| Ok(EmailAddress::parse(text)?)),
    }
}

pub(crate) async fn handle(guest: Guest) -> Result<Json<()>, ApiError> {
    let body: ResendVerificationBody = guest.body()?;
    guest.run(|app| async move { app.resend_verification.run(body.email).await }).await?;
    Ok(Json(()))
}

impl From<ResendVerificationError> for ApiError {
    fn from(error: ResendVerificationError) -> Self {
        match error {
            ResendVerificationError::Failure(failure) => failure.into(),
        }
    }
}
