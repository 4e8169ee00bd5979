//! `GET /v1/auth/config`: what a sign-in page has to know.

use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    error::ApiError,
    extract::Guest,
    openapi::{Operation, Success, Tag},
};

/// What a sign-in page has to know.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConfigResponse {
    /// Whether people may register without an invite.
    allow_registration: bool,
}

impl Success for ConfigResponse {
    fn example() -> Self {
        Self { allow_registration: true }
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "get_config",
    tag: Tag::SignIn,
    summary: "Read what a sign-in page has to know",
    description: "Answers without the database.",
    answer: "The public part of the configuration.",
    refusals: &[],
    needs_database: false,
    published: true,
};

pub(crate) async fn handle(
    Guest { call, input: () }: Guest,
) -> Result<Json<ConfigResponse>, ApiError> {
    Ok(Json(ConfigResponse { allow_registration: call.state.allow_registration }))
}
