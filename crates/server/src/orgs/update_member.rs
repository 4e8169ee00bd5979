//! `PATCH /v1/orgs/{org_id}/members/{user_id}`: gives a member another role.

use actix_web::web::Json;
use doorward_application::change_role::ChangeRoleError;
use doorward_domain::role::Role;

use super::path::MemberPath;
use crate::{
    error::{ApiError, FieldRule, Issue, Place, catalog},
    extract::{Signed, body},
    openapi::{Operation, Refusal, Tag},
    wire::Null,
};

body! {
    UpdateMemberRequest {
        /// What the member will be.
        role: Role = "admin",
    }
}

const LAST_OWNER: FieldRule = FieldRule {
    place: Place::Body,
    field: "role",
    kind: &catalog::LAST_OWNER,
    msg: "The organization would have no owner",
};

pub(crate) const OPERATION: Operation = Operation {
    id: "update_member",
    tag: Tag::Orgs,
    summary: "Change a member's role",
    description: "Gives a member another role, which holds from their next request on, whatever their access token says. Owners are \
        made and unmade by owners.",
    answer: "The member has the role.",
    refusals: &[
        Refusal::NotFound(
            "The person belongs to no organization with this id, or it has no such member.",
        ),
        Refusal::Field(&LAST_OWNER),
        Refusal::Permission(&catalog::MEMBER_UPDATE),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input: (path, body) }: Signed<(MemberPath, UpdateMemberRequest)>,
) -> Result<Json<Null>, ApiError> {
    let MemberPath { org_id, user_id } = path;
    let change = call
        .run(|app| async move { app.change_role.run(&caller, &org_id, &user_id, body.role).await });
    change.await?;
    Ok(Json(Null))
}

impl From<ChangeRoleError> for ApiError {
    fn from(error: ChangeRoleError) -> Self {
        match error {
            ChangeRoleError::Denied(denied) => denied.into(),
            ChangeRoleError::LastOwner => Issue::refused(&LAST_OWNER).into(),
        }
    }
}
