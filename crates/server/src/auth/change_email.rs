//! `PUT /v1/auth/me/email`: changes one's email address.

use actix_web::web::Json;
use doorward_application::change_email::{ChangeEmailCommand, ChangeEmailError};
use doorward_domain::{email::EmailAddress, password::Password};

use super::{change_password::PASSWORD_INCORRECT, register::EMAIL_TAKEN};
use crate::{
    error::{ApiError, Issue, catalog},
    extract::{Signed, body},
    openapi::{Operation, Refusal, Tag},
    wire::Null,
};

body! {
    ChangeEmailRequest {
        /// The new email address. Unique without regard to case.
        email: EmailAddress = "ada@example.com",
        /// The account's password.
        current_password: Password = "correct horse battery staple",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "change_email",
    tag: Tag::Email,
    summary: "Change an unverified email address",
    description: "Replaces the address of an account that has not verified it, such as a mistyped one, and sends a verification \
        email to the new address. Links that were sent to the former address become invalid. Works without a verified \
        address where the server requires one. An address that is verified can't be changed.",
    answer: "The address is changed.",
    refusals: &[
        Refusal::Field(&EMAIL_TAKEN),
        Refusal::Field(&PASSWORD_INCORRECT),
        Refusal::Permission(&catalog::EMAIL_CHANGE),
        Refusal::Permission(&catalog::PASSWORD_CHANGE),
        Refusal::Failures(
            "Too many current passwords were wrong (`limit_login_failures`, 10 a minute), or the account changed its \
             address too often (`limit_mail`, 5 a minute).",
        ),
        Refusal::Busy,
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<ChangeEmailRequest>,
) -> Result<Json<Null>, ApiError> {
    let ChangeEmailRequest { email, current_password } = input;
    let command = ChangeEmailCommand { email, current_password };
    call.run(|app| async move { app.change_email.run(&caller, command).await }).await?;
    Ok(Json(Null))
}

impl From<ChangeEmailError> for ApiError {
    fn from(error: ChangeEmailError) -> Self {
        match error {
            ChangeEmailError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            ChangeEmailError::PasswordIncorrect => Issue::refused(&PASSWORD_INCORRECT).into(),
            ChangeEmailError::Rejected => Self::Unauthenticated { token_was_sent: false },
            ChangeEmailError::EmailTaken => Issue::refused(&EMAIL_TAKEN).into(),
            ChangeEmailError::TooManyFailures(retry) => Self::RateLimited(retry),
            ChangeEmailError::Failure(failure) => failure.into(),
        }
    }
}
