//! `POST /v1/auth/switch-org`: an access token for another organisation.

use actix_web::web::Json;
use doorward_application::switch_org::SwitchOrgError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    error::{ApiError, catalog},
    extract::{NotEmpty, Signed, body},
    openapi::{Operation, Refusal, Success, Tag},
    wire::{TOKEN_TYPE, example, seconds},
};

body! {
    SwitchOrgRequest {
        /// The id of an organisation that the person belongs to.
        org_id: NotEmpty = "019b76da-a800-7000-8000-000000000001",
    }
}

/// An access token for another organisation.
#[derive(Serialize, ToSchema)]
pub(crate) struct SwitchOrgResponse {
    /// The access token: a JWT, for `Authorization: Bearer`.
    access_token: String,
    /// Always `bearer`.
    token_type: &'static str,
    /// How long the access token lasts, in seconds: as long as the presented one.
    expires_in: i64,
    /// The organisation that it is for.
    #[schema(format = Uuid)]
    org_id: String,
}

impl Success for SwitchOrgResponse {
    fn example() -> Self {
        Self {
            access_token: example::ACCESS_TOKEN.to_owned(),
            token_type: TOKEN_TYPE,
            expires_in: 900,
            org_id: example::ORG_ID.to_owned(),
        }
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "switch_org",
    tag: Tag::SignIn,
    summary: "Get an access token for another organization",
    description: "The organization is a matter of the access token, so two tabs can work in two of them. The new token \
        expires when the presented one does. The refresh token stays as it is; a refresh continues in the organization \
        that the session was in last, and issues an access token of the full lifetime.",
    answer: "The access token.",
    refusals: &[
        Refusal::Permission(&catalog::ORG_ACCESS),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<SwitchOrgRequest>,
) -> Result<Json<SwitchOrgResponse>, ApiError> {
    let org_id = input.org_id.0;
    let switched = call.run(|app| async move { app.switch_org.run(&caller, &org_id).await });
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
