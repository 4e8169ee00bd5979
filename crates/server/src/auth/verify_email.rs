//! `POST /v1/auth/verify-email`: shows that a mail reached its address.

use actix_web::web::Json;
use doorward_application::verify_email::VerifyEmailError;

use super::some_text;
use crate::{
    error::ApiError,
    extract::{Guest, body},
};

body! {
    VerifyEmailBody {
        token: String = required(some_text),
    }
}

pub(crate) async fn handle(guest: Guest) -> Result<Json<()>, ApiError> {
    let body: VerifyEmailBody = guest.body()?;
    let client = guest.client.clone();
    let verified = guest.run(|app| async move { app.verify_email.run(&body.token, &client).await });
    verified.await?;
    Ok(Json(()))
}

impl From<VerifyEmailError> for ApiError {
    fn from(error: VerifyEmailError) -> Self {
        match error {
            VerifyEmailError::Rejected => Self::Unauthenticated { token_was_sent: false },
            VerifyEmailError::Failure(failure) => failure.into(),
        }
    }
}
