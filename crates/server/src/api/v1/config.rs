//! `GET /v1/auth/config`: returns the public configuration, for sign-in pages.

use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{
    describe::{Operation, Success, Tag},
    error::ApiError,
    request::Public,
};

/// The public configuration, for sign-in pages.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConfigResponse {
    /// Whether users can register without an invite.
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
    summary: "Get the public configuration",
    description: "Returns what a sign-in page needs. Does not use the database.",
    answer: "The public configuration.",
    refusals: &[],
    needs_database: false,
    published: true,
};

pub(crate) async fn handle(
    Public { call, input: () }: Public,
) -> Result<Json<ConfigResponse>, ApiError> {
    Ok(Json(ConfigResponse { allow_registration: call.state.allow_registration }))
}
