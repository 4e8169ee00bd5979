//! `POST /v1/auth/verify-email`: shows that a mail reached its address.

use actix_web::web::Json;
use doorward_application::verify_email::VerifyEmailError;

use super::change_password::PASSWORD_INCORRECT;
use crate::{
    error::{ApiError, Issue},
    extract::{Guest, NotEmpty, body},
    openapi::{Operation, Refusal, Tag},
    wire::Null,
};

body! {
    VerifyEmailRequest {
        /// `token` in the link of the mail. It holds for 24 hours.
        token: NotEmpty = "dwv_AQEBlF1M…",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "verify_email",
    tag: Tag::Email,
    summary: "Verify an e-mail address",
    description: "A token that has verified its address is answered so again until it expires, for double clicks and for \
        programs that look into mails.",
    answer: "The address is verified.",
    refusals: &[Refusal::Credential(
        "The token is none of this server's, has expired, was followed by a newer one, or is for another address than \
         the account has now.",
    )],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Guest { call, input }: Guest<VerifyEmailRequest>,
) -> Result<Json<Null>, ApiError> {
    let (token, client) = (input.token.0, call.client.clone());
    call.run(|app| async move { app.verify_email.run(&token, &client).await }).await?;
    Ok(Json(Null))
}

impl From<VerifyEmailError> for ApiError {
    fn from(error: VerifyEmailError) -> Self {
        match error {
            VerifyEmailError::Rejected => Self::Unauthenticated { token_was_sent: false },
            VerifyEmailError::PasswordIncorrect => Issue::refused(&PASSWORD_INCORRECT).into(),
            VerifyEmailError::TooManyFailures(retry) => Self::RateLimited(retry),
            VerifyEmailError::Failure(failure) => failure.into(),
        }
    }
}
