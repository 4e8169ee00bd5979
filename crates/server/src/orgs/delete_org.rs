//! `DELETE /v1/orgs/{org_id}`: deletes an organisation.

use actix_web::web::Json;
use doorward_application::delete_org::DeleteOrgError;

use super::{NO_ORG, PERSONAL_ORG, path::OrgPath};
use crate::{
    error::{ApiError, Issue, catalog},
    extract::Signed,
    openapi::{Operation, Refusal, Tag},
    wire::Null,
};

pub(crate) const OPERATION: Operation = Operation {
    id: "delete_org",
    tag: Tag::Orgs,
    summary: "Delete an organization",
    description: "Deletes an organization with its memberships and invites. Access tokens for it are refused from then on; a refresh \
        goes on in another organization of the person's. A personal one can't be deleted.",
    answer: "The organization is deleted.",
    refusals: &[
        Refusal::NotFound(NO_ORG),
        Refusal::Field(&PERSONAL_ORG),
        Refusal::Permission(&catalog::ORG_DELETE),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<OrgPath>,
) -> Result<Json<Null>, ApiError> {
    let id = input.org_id;
    call.run(|app| async move { app.delete_org.run(&caller, &id).await }).await?;
    Ok(Json(Null))
}

impl From<DeleteOrgError> for ApiError {
    fn from(error: DeleteOrgError) -> Self {
        match error {
            DeleteOrgError::Denied(denied) => denied.into(),
            DeleteOrgError::Personal => Issue::refused(&PERSONAL_ORG).into(),
        }
    }
}
