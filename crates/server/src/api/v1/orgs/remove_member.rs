//! `DELETE /v1/orgs/{org_id}/members/{user_id}`: removes a member, or leaves the organization.

use actix_web::web::Json;
use doorward_application::orgs::remove_member::RemoveMemberError;

use super::path::MemberPath;
use crate::{
    api::v1::wire::Null,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, FieldRule, Location, ValidationError, catalog},
        request::Authenticated,
    },
};

const LAST_OWNER: FieldRule = FieldRule {
    place: Location::Path,
    field: "user_id",
    kind: &catalog::LAST_OWNER,
    msg: "The organization would have no owner: make another member an owner first",
};

pub(crate) const OPERATION: Operation = Operation {
    id: "remove_member",
    tag: Tag::Orgs,
    summary: "Remove a member",
    description: "Removes a user from an organization. Every member can remove themselves, which is how a user leaves an \
        organization. The removed user's access tokens for the organization are rejected from then on; a refresh continues \
        in another organization of the user.",
    answer: "The user is no longer a member.",
    refusals: &[
        DocumentedError::NotFound(
            "The caller is not a member of an organization with this ID, or it has no such member.",
        ),
        DocumentedError::Field(&LAST_OWNER),
        DocumentedError::Permission(&catalog::MEMBER_REMOVE),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<MemberPath>,
) -> Result<Json<Null>, ApiError> {
    let MemberPath { org_id, user_id } = input;
    let removal =
        call.run(|app| async move { app.orgs.remove_member.run(&caller, &org_id, &user_id).await });
    removal.await?;
    Ok(Json(Null))
}

impl From<RemoveMemberError> for ApiError {
    fn from(error: RemoveMemberError) -> Self {
        match error {
            RemoveMemberError::Denied(denied) => denied.into(),
            RemoveMemberError::LastOwner => ValidationError::refused(&LAST_OWNER).into(),
        }
    }
}
