//! `GET /v1/orgs/{org_id}`: an organisation.

use actix_web::web::Json;

use super::{NO_ORG, path::OrgPath};
use crate::{
    error::{ApiError, catalog},
    extract::Signed,
    openapi::{Operation, Refusal, Tag},
    wire::OrgResponse,
};

pub(crate) const OPERATION: Operation = Operation {
    id: "get_org",
    tag: Tag::Orgs,
    summary: "Look at an organization",
    description: "An organization that the person belongs to, and their role in it.",
    answer: "The organization.",
    refusals: &[Refusal::NotFound(NO_ORG), Refusal::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<OrgPath>,
) -> Result<Json<OrgResponse>, ApiError> {
    let id = input.org_id;
    let found = call.run(|app| async move { app.get_org.run(&caller, &id).await }).await?;
    Ok(Json(found.into()))
}
