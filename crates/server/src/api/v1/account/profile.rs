//! `GET /v1/auth/me/profile`: returns the current user's profile.

use actix_web::web::Json;

use crate::{
    api::v1::wire::ProfileResponse,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, catalog},
        request::Authenticated,
    },
};

pub(crate) const OPERATION: Operation = Operation {
    id: "get_profile",
    tag: Tag::Profile,
    summary: "Get the current user's profile",
    description: "Returns the user, with the additional fields that a settings page needs.",
    answer: "The profile.",
    refusals: &[DocumentedError::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: () }: Authenticated,
) -> Result<Json<ProfileResponse>, ApiError> {
    let profile = call.state.application.account.get_profile.run(&caller);
    let user = profile.map_err(ApiError::Forbidden)?;
    Ok(Json(ProfileResponse::new(user, caller.role())))
}
