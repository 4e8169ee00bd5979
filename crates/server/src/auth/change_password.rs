//! `PUT /v1/auth/me/password`: changes one's password.

use actix_web::web::Json;
use doorward_application::change_password::{ChangePasswordCommand, ChangePasswordError};
use doorward_domain::{
    field::FieldError,
    password::{NewPassword, Password},
};

use super::some_text;
use crate::{
    error::{ApiError, Issue},
    extract::{Signed, body},
};

body! {
    ChangePasswordBody {
        current_password: String = required(some_text),
        new_password: NewPassword = required(NewPassword::parse),
    }
}

pub(crate) async fn handle(Signed { guest, caller }: Signed) -> Result<Json<()>, ApiError> {
    let body: ChangePasswordBody = guest.body()?;
    let command = ChangePasswordCommand {
        current_password: Password::presented(&body.current_password),
        new_password: body.new_password,
    };
    let changed = guest.run(|app| async move { app.change_password.run(&caller, command).await });
    changed.await?;
    Ok(Json(()))
}

impl From<ChangePasswordError> for ApiError {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            ChangePasswordError::PasswordIncorrect => {
                let msg = "The current password is another";
                let issue = Issue::refused("current_password", "password_incorrect", msg);
                Self::Validation(vec![issue])
            }
            ChangePasswordError::PasswordTooCommon => {
                let issue = Issue::field("new_password", &FieldError::PasswordTooCommon);
                Self::Validation(vec![issue])
            }
            ChangePasswordError::TooManyFailures(retry) => Self::RateLimited(retry),
            ChangePasswordError::Failure(failure) => failure.into(),
        }
    }
}
