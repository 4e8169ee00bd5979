//! `GET /v1/auth/me`: returns the current user.

use actix_web::web::Json;

use crate::{
    api::v1::wire::UserResponse,
    http::{
        describe::{Operation, Tag},
        error::ApiError,
        request::Authenticated,
    },
};

pub(crate) const OPERATION: Operation = Operation {
    id: "get_me",
    tag: Tag::Profile,
    summary: "Get the current user",
    description: "Returns the user that the access token is for, with their roles in the organization that the token is for.",
    answer: "The user.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Authenticated { caller, .. }: Authenticated,
) -> Result<Json<UserResponse>, ApiError> {
    Ok(Json(UserResponse::new(&caller.user, caller.role())))
}
