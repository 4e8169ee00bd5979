//! `POST /v1/auth/verify-email`: verifies an email address with the token that was sent to it.

use actix_web::web::Json;
use doorward_application::account::verify_email::VerifyEmailError;

use crate::{
    api::v1::{password::change::PASSWORD_INCORRECT, wire::Null},
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, Credential, ValidationError},
        request::{NotEmpty, Public, body},
    },
};

body! {
    VerifyEmailRequest {
        /// `token` in the link of the email. It is valid for 24 hours.
        token: NotEmpty = "dwv_AQEBlF1M…",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "verify_email",
    tag: Tag::Email,
    summary: "Verify an email address",
    description: "A token that has already verified its email address succeeds again until it expires. This supports double \
        clicks, and mail scanners that follow links.",
    answer: "The email address is verified.",
    refusals: &[DocumentedError::Credential(
        Credential::Link,
        "The token was not issued by this server, has expired, was superseded by a newer one, or is for an email address \
         that is no longer the account's.",
    )],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Public { call, input }: Public<VerifyEmailRequest>,
) -> Result<Json<Null>, ApiError> {
    let (token, client) = (input.token.0, call.client.clone());
    call.run(|app| async move { app.account.verify_email.run(&token, &client).await }).await?;
    Ok(Json(Null))
}

impl From<VerifyEmailError> for ApiError {
    fn from(error: VerifyEmailError) -> Self {
        match error {
            VerifyEmailError::Rejected => Self::Unauthenticated(Credential::Link),
            VerifyEmailError::PasswordIncorrect => {
                ValidationError::refused(&PASSWORD_INCORRECT).into()
            }
            VerifyEmailError::TooManyFailures(retry) => Self::RateLimited(retry),
            VerifyEmailError::Failure(failure) => failure.into(),
        }
    }
}
