//! `POST /v1/auth/refresh`: exchanges a refresh token for new tokens.

use actix_web::web::Json;
use doorward_application::sessions::refresh::{RefreshCommand, RefreshError};

use crate::{
    api::v1::wire::TokenResponse,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, catalog},
        request::{NotEmpty, Public, body},
    },
};

body! {
    RefreshRequest {
        /// The refresh token. This request consumes it.
        refresh_token: NotEmpty = "dwr_AQEBlF1M…",
        /// The organization of the new access token. Defaults to the one that the session was last in.
        org_id: Option<String>,
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "refresh",
    tag: Tag::SignIn,
    summary: "Exchange a refresh token for new tokens",
    description: "Each refresh token can be used once. If it is used again within 10 seconds (`sessions.refresh_token_reuse_interval_seconds`), by a \
        second tab or after a lost response, the same new refresh token is returned. If it is used later, it is \
        treated as stolen, and the session is ended.",
    answer: "The new pair of tokens.",
    refusals: &[
        DocumentedError::Refresh(&catalog::TOKEN_INVALID),
        DocumentedError::Refresh(&catalog::TOKEN_EXPIRED),
        DocumentedError::Refresh(&catalog::TOKEN_REUSED),
        DocumentedError::Refresh(&catalog::SESSION_REVOKED),
        DocumentedError::Permission(&catalog::ORG_ACCESS),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Public { call, input }: Public<RefreshRequest>,
) -> Result<Json<TokenResponse>, ApiError> {
    let command = RefreshCommand {
        token: input.refresh_token.0,
        org_id: input.org_id,
        client: call.client.clone(),
    };
    let pair = call.run(|app| async move { app.sessions.refresh.run(command).await }).await?;
    Ok(Json((&pair).into()))
}

impl From<RefreshError> for ApiError {
    fn from(error: RefreshError) -> Self {
        let refused = |reason| Self::RefreshRefused { reason };
        match error {
            RefreshError::Invalid => refused(&catalog::TOKEN_INVALID),
            RefreshError::Expired => refused(&catalog::TOKEN_EXPIRED),
            RefreshError::Reused => refused(&catalog::TOKEN_REUSED),
            RefreshError::Ended | RefreshError::JustRenewed => refused(&catalog::SESSION_REVOKED),
            RefreshError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            RefreshError::Failure(failure) => failure.into(),
        }
    }
}
