//! `PATCH /v1/orgs/{org_id}/members/{user_id}`: changes a member's role.

use actix_web::web::Json;
use doorward_application::orgs::change_role::ChangeRoleError;
use doorward_domain::org::role::Role;

use super::path::MemberPath;
use crate::{
    api::v1::wire::Null,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, FieldRule, Location, ValidationError, catalog},
        request::{Authenticated, body},
    },
};

body! {
    UpdateMemberRequest {
        /// The new role of the member.
        role: Role = "admin",
    }
}

const LAST_OWNER: FieldRule = FieldRule {
    place: Location::Body,
    field: "role",
    kind: &catalog::LAST_OWNER,
    msg: "The organization would have no owner: make another member an owner first",
};

pub(crate) const OPERATION: Operation = Operation {
    id: "update_member",
    tag: Tag::Orgs,
    summary: "Change a member's role",
    description: "Changes a member's role. The new role applies from the member's next request on, whatever their access token \
        says. Only owners can grant or remove the owner role.",
    answer: "The member has the role.",
    refusals: &[
        DocumentedError::NotFound(
            "The caller is not a member of an organization with this ID, or it has no such member.",
        ),
        DocumentedError::Field(&LAST_OWNER),
        DocumentedError::Permission(&catalog::MEMBER_UPDATE),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: (path, body) }: Authenticated<(
        MemberPath,
        UpdateMemberRequest,
    )>,
) -> Result<Json<Null>, ApiError> {
    let MemberPath { org_id, user_id } = path;
    let change = call.run(|app| async move {
        app.orgs.change_role.run(&caller, &org_id, &user_id, body.role).await
    });
    change.await?;
    Ok(Json(Null))
}

impl From<ChangeRoleError> for ApiError {
    fn from(error: ChangeRoleError) -> Self {
        match error {
            ChangeRoleError::Denied(denied) => denied.into(),
            ChangeRoleError::LastOwner => ValidationError::refused(&LAST_OWNER).into(),
        }
    }
}
