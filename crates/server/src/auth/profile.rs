//! `GET /v1/auth/me/profile`: what one says of oneself.

use actix_web::web::Json;

use crate::{
    error::{ApiError, catalog},
    extract::Signed,
    openapi::{Operation, Refusal, Tag},
    wire::ProfileResponse,
};

pub(crate) const OPERATION: Operation = Operation {
    id: "get_profile",
    tag: Tag::Profile,
    summary: "Read one's profile",
    description: "The user, with what a settings page needs beside.",
    answer: "The profile.",
    refusals: &[Refusal::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Signed { call, caller, input: () }: Signed,
) -> Result<Json<ProfileResponse>, ApiError> {
    let profile = call.state.application.get_profile.run(&caller);
    let user = profile.map_err(ApiError::Forbidden)?;
    Ok(Json(ProfileResponse::new(user, caller.role())))
}
