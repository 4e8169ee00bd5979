//! `GET /v1/auth/invite-info`: whom an invite is for, and whether it is still open.

use actix_web::web::Json;
use doorward_application::invite_info::InviteInfoError;
use serde::Serialize;

use crate::{
    error::ApiError,
    extract::{Guest, required_query},
};

#[derive(Serialize)]
pub(crate) struct InviteInfoResponse {
    email: String,
    valid: bool,
}

pub(crate) async fn handle(guest: Guest) -> Result<Json<InviteInfoResponse>, ApiError> {
    let token = required_query(guest.query(), "token")?;
    let info = guest.run(|app| async move { app.invite_info.run(&token).await }).await?;
    let email = info.email.map(|email| email.as_str().to_owned());
    Ok(Json(InviteInfoResponse { email: email.unwrap_or_default(), valid: info.valid }))
}

impl From<InviteInfoError> for ApiError {
    fn from(error: InviteInfoError) -> Self {
        match error {
            InviteInfoError::Failure(failure) => failure.into(),
        }
    }
}
