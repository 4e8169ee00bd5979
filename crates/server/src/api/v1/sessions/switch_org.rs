//! `POST /v1/auth/switch-org`: returns an access token for another organization.

use actix_web::web::Json;
use doorward_application::sessions::switch_org::SwitchOrgError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::v1::wire::{TOKEN_TYPE, example, seconds},
    http::{
        describe::{DocumentedError, Operation, Success, Tag},
        error::{ApiError, catalog},
        request::{Authenticated, NotEmpty, body},
    },
};

body! {
    SwitchOrgRequest {
        /// The ID of an organization that the user is a member of.
        org_id: NotEmpty = "019b76da-a800-7000-8000-000000000001",
    }
}

/// An access token for another organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct SwitchOrgResponse {
    /// The access token: a JWT, for `Authorization: Bearer`.
    access_token: String,
    /// Always `bearer`.
    token_type: &'static str,
    /// The lifetime of the access token in seconds: the remaining lifetime of the presented one.
    expires_in: i64,
    /// The organization that the access token is for.
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
    description: "Each access token is for one organization, so two tabs can work in different organizations. The new token \
        expires when the presented one does. The refresh token is unchanged; a refresh continues in the organization that \
        the session was last in, and issues an access token with the full lifetime.",
    answer: "The access token.",
    refusals: &[
        DocumentedError::Permission(&catalog::ORG_ACCESS),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<SwitchOrgRequest>,
) -> Result<Json<SwitchOrgResponse>, ApiError> {
    let org_id = input.org_id.0;
    let switched =
        call.run(|app| async move { app.sessions.switch_org.run(&caller, &org_id).await });
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
