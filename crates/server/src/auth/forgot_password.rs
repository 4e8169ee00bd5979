//! `POST /v1/auth/forgot-password`: asks for a new password. The answer is the same for every address.

use actix_web::web::Json;
use doorward_application::forgot_password::ForgotPasswordError;
use doorward_domain::email::EmailAddress;

use crate::{
    error::ApiError,
    extract::{Guest, body},
    openapi::{Operation, Tag},
    wire::Null,
};

body! {
    ForgotPasswordRequest {
        /// The account's e-mail address.
        email: EmailAddress = "ada@example.com",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "forgot_password",
    tag: Tag::Email,
    summary: "Ask for a link to set a new password",
    description: "The answer and its time are the same for every address. A mail goes out if there is an active account, \
        at most one a minute, five an hour, and 20 a day. Its token is valid for an hour, also if another one is requested meanwhile.",
    answer: "The request is noted.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Guest { call, input }: Guest<ForgotPasswordRequest>,
) -> Result<Json<Null>, ApiError> {
    call.run(|app| async move { app.forgot_password.run(input.email).await }).await?;
    Ok(Json(Null))
}

impl From<ForgotPasswordError> for ApiError {
    fn from(error: ForgotPasswordError) -> Self {
        match error {
            ForgotPasswordError::Failure(failure) => failure.into(),
        }
    }
}
