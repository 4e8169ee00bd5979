//! `DELETE /v1/orgs/{org_id}`: deletes an organization.

use actix_web::web::Json;
use doorward_application::orgs::delete::DeleteOrgError;

use super::{NO_ORG, PERSONAL_ORG, path::OrgPath};
use crate::{
    api::v1::wire::Null,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, ValidationError, catalog},
        request::Authenticated,
    },
};

pub(crate) const OPERATION: Operation = Operation {
    id: "delete_org",
    tag: Tag::Orgs,
    summary: "Delete an organization",
    description: "Deletes an organization with its memberships and invites. Access tokens for it are rejected from then on; \
        a refresh continues in another organization of the user. A personal organization can't be deleted.",
    answer: "The organization was deleted.",
    refusals: &[
        DocumentedError::NotFound(NO_ORG),
        DocumentedError::Field(&PERSONAL_ORG),
        DocumentedError::Permission(&catalog::ORG_DELETE),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<OrgPath>,
) -> Result<Json<Null>, ApiError> {
    let id = input.org_id;
    call.run(|app| async move { app.orgs.delete.run(&caller, &id).await }).await?;
    Ok(Json(Null))
}

impl From<DeleteOrgError> for ApiError {
    fn from(error: DeleteOrgError) -> Self {
        match error {
            DeleteOrgError::Denied(denied) => denied.into(),
            DeleteOrgError::Personal => ValidationError::refused(&PERSONAL_ORG).into(),
        }
    }
}
