//! `GET /v1/auth/me`: who one is.

use actix_web::web::Json;

use crate::{error::ApiError, extract::Signed, wire::UserResponse};

pub(crate) async fn handle(signed: Signed) -> Result<Json<UserResponse>, ApiError> {
    Ok(Json(UserResponse::new(&signed.caller.user, signed.caller.role())))
}
