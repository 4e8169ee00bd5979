//! `POST /v1/auth/refresh`: continues a session.

use actix_web::web::Json;
use doorward_application::refresh::{RefreshCommand, RefreshError};

use crate::{
    error::{ApiError, catalog},
    extract::{Guest, NotEmpty, body},
    openapi::{Operation, Refusal, Tag},
    wire::TokenResponse,
};

body! {
    RefreshRequest {
        /// The refresh token, which is used up by this.
        refresh_token: NotEmpty = "dwr_AQEBlF1M…",
        /// The organisation to go on in; without it, the one that the session was in last.
        org_id: Option<String>,
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "refresh",
    tag: Tag::SignIn,
    summary: "Exchange a refresh token for a new pair of tokens",
    description: "Each refresh token is used once. Within 10 seconds of that (`refresh_grace_seconds`) it is answered with \
        the same successor again, for two tabs and lost responses; later it is taken for stolen, and the session is \
        ended.",
    answer: "The new pair.",
    refusals: &[
        Refusal::Refresh(&catalog::TOKEN_INVALID),
        Refusal::Refresh(&catalog::TOKEN_EXPIRED),
        Refusal::Refresh(&catalog::TOKEN_REUSED),
        Refusal::Refresh(&catalog::SESSION_REVOKED),
        Refusal::Permission(&catalog::ORG_ACCESS),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Guest { call, input }: Guest<RefreshRequest>,
) -> Result<Json<TokenResponse>, ApiError> {
    let command = RefreshCommand {
        token: input.refresh_token.0,
        org_id: input.org_id,
        client: call.client.clone(),
    };
    let pair = call.run(|app| async move { app.refresh.run(command).await }).await?;
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
