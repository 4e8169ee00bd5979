//! `DELETE /v1/orgs/{org_id}/members/{user_id}`: takes a member out, or leaves.

use actix_web::web::Json;
use doorward_application::remove_member::RemoveMemberError;

use super::path::MemberPath;
use crate::{
    error::{ApiError, FieldRule, Issue, Place, catalog},
    extract::Signed,
    openapi::{Operation, Refusal, Tag},
    wire::Null,
};

const LAST_OWNER: FieldRule = FieldRule {
    place: Place::Path,
    field: "user_id",
    kind: &catalog::LAST_OWNER,
    msg: "The organization would have no owner",
};

pub(crate) const OPERATION: Operation = Operation {
    id: "remove_member",
    tag: Tag::Orgs,
    summary: "Take a member out, or leave",
    description: "Ends a membership. One's own may be ended by everybody: so one leaves. Access tokens of the person for this \
        organization are refused from then on; a refresh goes on in another one of theirs.",
    answer: "The person is no member.",
    refusals: &[
        Refusal::NotFound(
            "The person belongs to no organization with this id, or it has no such member.",
        ),
        Refusal::Field(&LAST_OWNER),
        Refusal::Permission(&catalog::MEMBER_REMOVE),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<MemberPath>,
) -> Result<Json<Null>, ApiError> {
    let MemberPath { org_id, user_id } = input;
    let removal =
        call.run(|app| async move { app.remove_member.run(&caller, &org_id, &user_id).await });
    removal.await?;
    Ok(Json(Null))
}

impl From<RemoveMemberError> for ApiError {
    fn from(error: RemoveMemberError) -> Self {
        match error {
            RemoveMemberError::Denied(denied) => denied.into(),
            RemoveMemberError::LastOwner => Issue::refused(&LAST_OWNER).into(),
        }
    }
}
