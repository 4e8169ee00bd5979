//! `POST /v1/auth/resend-verification`: resends the verification email. The response is the same for every email
//! address.

use actix_web::web::Json;
use doorward_application::account::resend_verification::ResendVerificationError;
use doorward_domain::account::email::EmailAddress;

use crate::{
    api::v1::wire::Null,
    http::{
        describe::{Operation, Tag},
        error::ApiError,
        request::{Public, body},
    },
};

body! {
    ResendVerificationRequest {
        /// The email address of the account.
        email: EmailAddress = "ada@example.com",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "resend_verification",
    tag: Tag::Email,
    summary: "Resend the verification email",
    description: "The response and its timing are the same for every email address. If there is an active account whose \
        address is not verified, it is sent an email, at most one per minute, five per hour, and 20 per day. Links that \
        were sent before stay valid.",
    answer: "The request was accepted.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Public { call, input }: Public<ResendVerificationRequest>,
) -> Result<Json<Null>, ApiError> {
    call.run(|app| async move { app.account.resend_verification.run(input.email).await }).await?;
    Ok(Json(Null))
}

impl From<ResendVerificationError> for ApiError {
    fn from(error: ResendVerificationError) -> Self {
        match error {
            ResendVerificationError::Failure(failure) => failure.into(),
        }
    }
}
