//! `GET /v1/auth/me`: who one is.

use actix_web::web::Json;

use crate::{
    error::ApiError,
    extract::Signed,
    openapi::{Operation, Tag},
    wire::UserResponse,
};

pub(crate) const OPERATION: Operation = Operation {
    id: "get_me",
    tag: Tag::Profile,
    summary: "Read who one is",
    description: "The user that the access token is for, with the roles in the organization that it is for.",
    answer: "The user.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(Signed { caller, .. }: Signed) -> Result<Json<UserResponse>, ApiError> {
    Ok(Json(UserResponse::new(&caller.user, caller.role())))
}
