//! `PUT /v1/auth/me/password`: changes the user's password.

use actix_web::web::Json;
use doorward_application::password::change::{ChangePasswordCommand, ChangePasswordError};
use doorward_domain::credential::password::{NewPassword, Password};

use crate::{
    api::v1::wire::Null,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, Credential, FieldRule, Location, ValidationError, catalog},
        request::{Authenticated, body},
    },
};

body! {
    ChangePasswordRequest {
        /// The current password.
        current_password: Password = "correct horse battery staple",
        /// The new password. Common passwords and the account's email address and username are rejected.
        new_password: NewPassword = "seven lucky herons wade",
    }
}

pub(crate) const PASSWORD_INCORRECT: FieldRule = FieldRule {
    place: Location::Body,
    field: "current_password",
    kind: &catalog::PASSWORD_INCORRECT,
    msg: "The current password is incorrect",
};
const PASSWORD_TOO_COMMON: FieldRule = FieldRule::password_too_common("new_password");

pub(crate) const OPERATION: Operation = Operation {
    id: "change_password",
    tag: Tag::Profile,
    summary: "Change the password",
    description: "Ends every other session, and keeps the current session for at most one day. The user is notified by \
        email.\n\nRefresh right after this call: from then on, a copy of the previous refresh token ends the session instead \
        of continuing it.",
    answer: "The password was changed.",
    refusals: &[
        DocumentedError::Field(&PASSWORD_INCORRECT),
        DocumentedError::Field(&PASSWORD_TOO_COMMON),
        DocumentedError::Permission(&catalog::PASSWORD_CHANGE),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
        DocumentedError::Failures(
            "Too many incorrect current passwords (`rate_limits.login_failures_per_minute`, 10 per minute), or more than 10 correct or \
             incorrect ones per minute; or too many changes invalidated links to the email address (3 per day).",
        ),
        DocumentedError::Busy,
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<ChangePasswordRequest>,
) -> Result<Json<Null>, ApiError> {
    let command = ChangePasswordCommand {
        current_password: input.current_password,
        new_password: input.new_password,
    };
    call.run(|app| async move { app.password.change.run(&caller, command).await }).await?;
    Ok(Json(Null))
}

impl From<ChangePasswordError> for ApiError {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            ChangePasswordError::PasswordIncorrect => {
                ValidationError::refused(&PASSWORD_INCORRECT).into()
            }
            ChangePasswordError::PasswordTooCommon => {
                ValidationError::refused(&PASSWORD_TOO_COMMON).into()
            }
            ChangePasswordError::SessionEnded => Self::Unauthenticated(Credential::AccessToken),
            ChangePasswordError::TooManyFailures(retry) => Self::RateLimited(retry),
            ChangePasswordError::Failure(failure) => failure.into(),
        }
    }
}
