//! `POST /v1/orgs`: creates an organization.

use actix_web::web::Json;
use doorward_application::orgs::create::CreateOrgError;
use doorward_domain::org::OrgName;

use crate::{
    api::v1::wire::OrgResponse,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, catalog},
        request::{Authenticated, body},
    },
};

body! {
    CreateOrgRequest {
        /// The name of the organization. Names need not be unique.
        name: OrgName = "Analytical Engines",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "create_org",
    tag: Tag::Orgs,
    summary: "Create an organization",
    description: "Creates a shared organization, with the user as its owner. Existing access tokens stay valid for their own \
        organization; to get one for the new organization, call `POST /v1/auth/switch-org`.",
    answer: "The organization.",
    refusals: &[
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
        DocumentedError::Permission(&catalog::ORG_CREATE),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<CreateOrgRequest>,
) -> Result<Json<OrgResponse>, ApiError> {
    let made = call.run(|app| async move { app.orgs.create.run(&caller, input.name).await });
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
