//! `POST /v1/auth/refresh`: continues a session.

use actix_web::web::Json;
use doorward_application::refresh::{RefreshCommand, RefreshError};

use super::{any_text, some_text};
use crate::{
    error::ApiError,
    extract::{Guest, body},
    wire::TokenResponse,
};

body! {
    RefreshBody {
        refresh_token: String = required(some_text),
        org_id: Option<String> = nullable(any_text),
    }
}

pub(crate) async fn handle(guest: Guest) -> Result<Json<TokenResponse>, ApiError> {
    let body: RefreshBody = guest.body()?;
    let command = RefreshCommand {
        token: body.refresh_token,
        org_id: body.org_id,
        client: guest.client.clone(),
    };
    let pair = guest.run(|app| async move { app.refresh.run(command).await }).await?;
    Ok(Json((&pair).into()))
}

impl From<RefreshError> for ApiError {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Invalid => Self::RefreshRefused { reason: "token_invalid" },
            RefreshError::Expired => Self::RefreshRefused { reason: "token_expired" },
            RefreshError::Reused => Self::RefreshRefused { reason: "token_reused" },
            RefreshError::Ended => Self::RefreshRefused { reason: "session_revoked" },
            RefreshError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            RefreshError::Failure(failure) => failure.into(),
        }
    }
}
