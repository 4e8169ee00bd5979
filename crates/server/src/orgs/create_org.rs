//! `POST /v1/orgs`: makes an organisation.

use actix_web::web::Json;
use doorward_application::create_org::CreateOrgError;
use doorward_domain::org::OrgName;

use crate::{
    error::{ApiError, catalog},
    extract::{Signed, body},
    openapi::{Operation, Refusal, Tag},
    wire::OrgResponse,
};

body! {
    CreateOrgRequest {
        /// What people call it. Others may have the same name.
        name: OrgName = "Analytical Engines",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "create_org",
    tag: Tag::Orgs,
    summary: "Make an organization",
    description: "Makes an organization to work in together. The person is its owner. Their tokens stay for the organization that they are \
        for: see `POST /v1/auth/switch-org`.",
    answer: "The organization.",
    refusals: &[
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
        Refusal::Permission(&catalog::ORG_CREATE),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<CreateOrgRequest>,
) -> Result<Json<OrgResponse>, ApiError> {
    let made = call.run(|app| async move { app.create_org.run(&caller, input.name).await });
    Ok(Json(made.await?.into()))
}

impl From<CreateOrgError> for ApiError {
    fn from(error: CreateOrgError) -> Self {
        match error {
            CreateOrgError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            CreateOrgError::Failure(failure) => failure.into(),
        }
    }
}
