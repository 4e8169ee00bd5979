//! `POST /v1/auth/switch-org`: an access token for another organisation.

use actix_web::web::Json;
use doorward_application::switch_org::SwitchOrgError;
use serde::Serialize;

use super::some_text;
use crate::{
    error::ApiError,
    extract::{Signed, body},
    wire::{TOKEN_TYPE, seconds},
};

body! {
    SwitchOrgBody {
        org_id: String = required(some_text),
    }
}

#[derive(Serialize)]
pub(crate) struct SwitchOrgResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    org_id: String,
}

pub(crate) async fn handle(
    Signed { guest, caller }: Signed,
) -> Result<Json<SwitchOrgResponse>, ApiError> {
    let body: SwitchOrgBody = guest.body()?;
    let switched = guest.run(|app| async move { app.switch_org.run(&caller, &body.org_id).await });
    let (org_id, access) = switched.await?;
    Ok(Json(SwitchOrgResponse {
        access_token: access.token.expose().to_owned(),
        token_type: TOKEN_TYPE,
        expires_in: seconds(&access),
        org_id: org_id.to_string(),
    }))
}

impl From<SwitchOrgError> for ApiError {
    fn from(error: SwitchOrgError) -> Self {
        match error {
            SwitchOrgError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            SwitchOrgError::Failure(failure) => failure.into(),
        }
    }
}
