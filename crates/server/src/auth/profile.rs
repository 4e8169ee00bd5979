//! `GET /v1/auth/me/profile`: what one says of oneself.

use actix_web::web::Json;

use crate::{error::ApiError, extract::Signed, wire::ProfileResponse};

pub(crate) async fn handle(
    Signed { guest, caller }: Signed,
) -> Result<Json<ProfileResponse>, ApiError> {
    let profile = guest.state.application.get_profile.run(&caller);
    let user = profile.map_err(ApiError::Forbidden)?;
    Ok(Json(ProfileResponse::new(user, caller.role())))
}
