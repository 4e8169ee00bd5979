//! `PATCH /v1/orgs/{org_id}`: gives an organisation another name.

use actix_web::web::Json;
use doorward_domain::org::OrgName;

use super::{NO_ORG, path::OrgPath};
use crate::{
    error::{ApiError, catalog},
    extract::{Signed, body},
    openapi::{Operation, Refusal, Tag},
    wire::OrgResponse,
};

body! {
    UpdateOrgRequest {
        /// What people will call it.
        name: OrgName = "Difference Engines",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "update_org",
    tag: Tag::Orgs,
    summary: "Rename an organization",
    description: "Gives an organization another name; also the personal one.",
    answer: "The organization.",
    refusals: &[
        Refusal::NotFound(NO_ORG),
        Refusal::Permission(&catalog::ORG_UPDATE),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input: (path, body) }: Signed<(OrgPath, UpdateOrgRequest)>,
) -> Result<Json<OrgResponse>, ApiError> {
    let (id, name) = (path.org_id, body.name);
    let renamed = call.run(|app| async move { app.rename_org.run(&caller, &id, name).await });
    Ok(Json(renamed.await?.into()))
}
