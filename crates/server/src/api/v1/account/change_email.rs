//! `PUT /v1/auth/me/email`: changes the user's unverified email address.

use actix_web::web::Json;
use doorward_application::account::change_email::{ChangeEmailCommand, ChangeEmailError};
use doorward_domain::{account::email::EmailAddress, credential::password::Password};

use super::register::EMAIL_TAKEN;
use crate::{
    api::v1::{password::change::PASSWORD_INCORRECT, wire::Null},
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, Credential, ValidationError, catalog},
        request::{Authenticated, body},
    },
};

body! {
    ChangeEmailRequest {
        /// The new email address. Must be unique; case is ignored.
        email: EmailAddress = "ada@example.com",
        /// The current password of the account.
        current_password: Password = "correct horse battery staple",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "change_email",
    tag: Tag::Email,
    summary: "Change an unverified email address",
    description: "Replaces an unverified email address, such as a mistyped one, and sends a verification email to the new \
        address. Links that were sent to the previous address become invalid. Another spelling of the same address, such as \
        in upper case, is not a change: the email is sent again, and the account keeps its spelling. This works even if the server requires a \
        verified address. A verified address can't be changed.",
    answer: "The email address was changed.",
    refusals: &[
        DocumentedError::Field(&EMAIL_TAKEN),
        DocumentedError::Field(&PASSWORD_INCORRECT),
        DocumentedError::Permission(&catalog::EMAIL_CHANGE),
        DocumentedError::Permission(&catalog::PASSWORD_CHANGE),
        DocumentedError::Failures(
            "Too many incorrect current passwords (`rate_limits.login_failures_per_minute`, 10 per minute), or more than 10 correct or \
             incorrect ones per minute, or the account changed its email \
             address too often (`rate_limits.mail_per_minute`, 5 per minute; and 3 changes per day), or too many changes invalidated links to the former address (3 per day).",
        ),
        DocumentedError::Busy,
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<ChangeEmailRequest>,
) -> Result<Json<Null>, ApiError> {
    let ChangeEmailRequest { email, current_password } = input;
    let command = ChangeEmailCommand { email, current_password };
    call.run(|app| async move { app.account.change_email.run(&caller, command).await }).await?;
    Ok(Json(Null))
}

impl From<ChangeEmailError> for ApiError {
    fn from(error: ChangeEmailError) -> Self {
        match error {
            ChangeEmailError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            ChangeEmailError::PasswordIncorrect => {
                ValidationError::refused(&PASSWORD_INCORRECT).into()
            }
            ChangeEmailError::Rejected => Self::Unauthenticated(Credential::Password),
            ChangeEmailError::EmailTaken => ValidationError::refused(&EMAIL_TAKEN).into(),
            ChangeEmailError::TooManyFailures(retry) => Self::RateLimited(retry),
            ChangeEmailError::Failure(failure) => failure.into(),
        }
    }
}
