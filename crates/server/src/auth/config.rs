//! `GET /v1/auth/config`: what a sign-in page has to know.

use actix_web::web::Json;
use serde::Serialize;

use crate::{error::ApiError, extract::Guest};

#[derive(Serialize)]
pub(crate) struct ConfigResponse {
    allow_registration: bool,
}

pub(crate) async fn handle(guest: Guest) -> Result<Json<ConfigResponse>, ApiError> {
    Ok(Json(ConfigResponse { allow_registration: guest.state.allow_registration }))
}
