//! `POST /v1/auth/reset-password`: sets a new password through a mailed link.

use actix_web::web::Json;
use doorward_application::reset_password::{ResetPasswordCommand, ResetPasswordError};
use doorward_domain::{field::FieldError, password::NewPassword};

use super::some_text;
use crate::{
    error::{ApiError, Issue},
    extract::{Guest, body},
};

body! {
    ResetPasswordBody {
        token: String = required(some_text),
        new_password: NewPassword = required(NewPassword::parse),
    }
}

pub(crate) async fn handle(guest: Guest) -> Result<Json<()>, ApiError> {
    let body: ResetPasswordBody = guest.body()?;
    let command = ResetPasswordCommand {
        token: body.token,
        new_password: body.new_password,
        client: guest.client.clone(),
    };
    guest.run(|app| async move { app.reset_password.run(command).await }).await?;
    Ok(Json(()))
}

impl From<ResetPasswordError> for ApiError {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::Rejected => Self::Unauthenticated { token_was_sent: false },
            ResetPasswordError::PasswordTooCommon => {
                let issue = Issue::field("new_password", &FieldError::PasswordTooCommon);
                Self::Validation(vec![issue])
            }
            ResetPasswordError::Failure(failure) => failure.into(),
        }
    }
}
