//! `PUT /v1/auth/me/password`: changes one's password.

use actix_web::web::Json;
use doorward_application::change_password::{ChangePasswordCommand, ChangePasswordError};
use doorward_domain::password::{NewPassword, Password};

use crate::{
    error::{ApiError, FieldRule, Issue, Place, catalog},
    extract::{Signed, body},
    openapi::{Operation, Refusal, Tag},
    wire::Null,
};

body! {
    ChangePasswordRequest {
        /// The password until now.
        current_password: Password = "correct horse battery staple",
        /// The password from now on. Common passwords, the account's address and its name are refused.
        new_password: NewPassword = "seven lucky herons wade",
    }
}

pub(super) const PASSWORD_INCORRECT: FieldRule = FieldRule {
    place: Place::Body,
    field: "current_password",
    kind: &catalog::PASSWORD_INCORRECT,
    msg: "The current password is another",
};
const PASSWORD_TOO_COMMON: FieldRule = FieldRule::password_too_common("new_password");

pub(crate) const OPERATION: Operation = Operation {
    id: "change_password",
    tag: Tag::Profile,
    summary: "Change one's password",
    description: "Ends every other session and keeps this one, for a day at most. An email tells the user of it.\n\nRefresh \
        right after it: from then on a copy of the former refresh token ends the session instead of continuing it.",
    answer: "The password is changed.",
    refusals: &[
        Refusal::Field(&PASSWORD_INCORRECT),
        Refusal::Field(&PASSWORD_TOO_COMMON),
        Refusal::Permission(&catalog::PASSWORD_CHANGE),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
        Refusal::Failures(
            "Too many current passwords were wrong (`limit_login_failures`, 10 a minute).",
        ),
        Refusal::Busy,
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<ChangePasswordRequest>,
) -> Result<Json<Null>, ApiError> {
    let command = ChangePasswordCommand {
        current_password: input.current_password,
        new_password: input.new_password,
    };
    call.run(|app| async move { app.change_password.run(&caller, command).await }).await?;
    Ok(Json(Null))
}

impl From<ChangePasswordError> for ApiError {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            ChangePasswordError::PasswordIncorrect => Issue::refused(&PASSWORD_INCORRECT).into(),
            ChangePasswordError::PasswordTooCommon => Issue::refused(&PASSWORD_TOO_COMMON).into(),
            ChangePasswordError::SessionEnded => Self::Unauthenticated { token_was_sent: true },
            ChangePasswordError::TooManyFailures(retry) => Self::RateLimited(retry),
            ChangePasswordError::Failure(failure) => failure.into(),
        }
    }
}
