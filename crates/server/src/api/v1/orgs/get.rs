//! `GET /v1/orgs/{org_id}`: returns an organization.

use actix_web::web::Json;

use super::{NO_ORG, path::OrgPath};
use crate::{
    api::v1::wire::OrgResponse,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, catalog},
        request::Authenticated,
    },
};

pub(crate) const OPERATION: Operation = Operation {
    id: "get_org",
    tag: Tag::Orgs,
    summary: "Get an organization",
    description: "Returns an organization that the user is a member of, with their role in it.",
    answer: "The organization.",
    refusals: &[
        DocumentedError::NotFound(NO_ORG),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<OrgPath>,
) -> Result<Json<OrgResponse>, ApiError> {
    let id = input.org_id;
    let found = call.run(|app| async move { app.orgs.get.run(&caller, &id).await }).await?;
    Ok(Json(found.into()))
}
