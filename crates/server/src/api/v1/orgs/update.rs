//! `PATCH /v1/orgs/{org_id}`: renames an organization.

use actix_web::web::Json;
use doorward_domain::org::OrgName;

use super::{NO_ORG, path::OrgPath};
use crate::{
    api::v1::wire::OrgResponse,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, catalog},
        request::{Authenticated, body},
    },
};

body! {
    UpdateOrgRequest {
        /// The new name of the organization.
        name: OrgName = "Difference Engines",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "update_org",
    tag: Tag::Orgs,
    summary: "Rename an organization",
    description: "Changes the name of an organization. Personal organizations can be renamed, too.",
    answer: "The organization.",
    refusals: &[
        DocumentedError::NotFound(NO_ORG),
        DocumentedError::Permission(&catalog::ORG_UPDATE),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: (path, body) }: Authenticated<(OrgPath, UpdateOrgRequest)>,
) -> Result<Json<OrgResponse>, ApiError> {
    let (id, name) = (path.org_id, body.name);
    let renamed = call.run(|app| async move { app.orgs.rename.run(&caller, &id, name).await });
    Ok(Json(renamed.await?.into()))
}
