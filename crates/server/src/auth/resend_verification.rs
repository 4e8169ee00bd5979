//! `POST /v1/auth/resend-verification`: asks for the verification mail again. The answer is the same for every address.

use actix_web::web::Json;
use doorward_application::resend_verification::ResendVerificationError;
use doorward_domain::email::EmailAddress;

use crate::{
    error::ApiError,
    extract::{Guest, body},
    openapi::{Operation, Tag},
    wire::Null,
};

body! {
    ResendVerificationRequest {
        /// The account's e-mail address.
        email: EmailAddress = "ada@example.com",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "resend_verification",
    tag: Tag::Email,
    summary: "Ask for the verification mail again",
    description: "The answer and its time are the same for every address. A mail goes out if there is an active account \
        whose address is not verified, at most one a minute, five an hour, and 20 a day. Links that were mailed before stay valid.",
    answer: "The request is noted.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Guest { call, input }: Guest<ResendVerificationRequest>,
) -> Result<Json<Null>, ApiError> {
    call.run(|app| async move { app.resend_verification.run(input.email).await }).await?;
    Ok(Json(Null))
}

impl From<ResendVerificationError> for ApiError {
    fn from(error: ResendVerificationError) -> Self {
        match error {
            ResendVerificationError::Failure(failure) => failure.into(),
        }
    }
}
