//! `POST /v1/auth/forgot-password`: requests a password reset. The response is the same for every email address.

use actix_web::web::Json;
use doorward_application::password::forgot::ForgotPasswordError;
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
    ForgotPasswordRequest {
        /// The email address of the account.
        email: EmailAddress = "ada@example.com",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "forgot_password",
    tag: Tag::Email,
    summary: "Request a password reset",
    description: "The response and its timing are the same for every email address. If there is an active account, it is \
        sent an email with a link, at most one per minute, five per hour, and 20 per day. The token in the link is valid for \
        at least three hours, even if another one is requested in the meantime.",
    answer: "The request was accepted.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Public { call, input }: Public<ForgotPasswordRequest>,
) -> Result<Json<Null>, ApiError> {
    call.run(|app| async move { app.password.forgot.run(input.email).await }).await?;
    Ok(Json(Null))
}

impl From<ForgotPasswordError> for ApiError {
    fn from(error: ForgotPasswordError) -> Self {
        match error {
            ForgotPasswordError::Failure(failure) => failure.into(),
        }
    }
}
