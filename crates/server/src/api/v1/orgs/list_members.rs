//! `GET /v1/orgs/{org_id}/members`: lists the members of an organization.

use actix_web::web::Json;
use doorward_domain::{
    UserId,
    org::{membership::Member, role::Role},
};
use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use utoipa::ToSchema;

use super::{NO_ORG, path::OrgPath};
use crate::{
    api::v1::wire::{example, role},
    http::{
        describe::{DocumentedError, Operation, Success, Tag},
        error::{ApiError, catalog},
        request::{Authenticated, PageParams},
    },
};

/// A page of members.
#[derive(Serialize, ToSchema)]
pub(crate) struct MembersResponse {
    /// The members, newest account first.
    items: Vec<MemberResponse>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(format = Uuid, required)]
    next_cursor: Option<String>,
}

/// A member of an organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberResponse {
    /// The ID of the user.
    #[schema(format = Uuid)]
    user_id: String,
    /// The username.
    username: String,
    /// The full name.
    #[schema(required)]
    full_name: Option<String>,
    /// The email address; `null` unless the caller may list the invites of the organization.
    #[schema(format = Email, required)]
    email: Option<String>,
    /// The role of the user in the organization.
    #[schema(schema_with = role)]
    role: &'static str,
    /// When the user became a member.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    joined_at: OffsetDateTime,
}

impl From<Member> for MemberResponse {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user_id.to_string(),
            username: member.username.as_str().to_owned(),
            full_name: member.full_name.map(|name| name.as_str().to_owned()),
            email: member.email.map(|email| email.as_str().to_owned()),
            role: member.role.as_str(),
            joined_at: member.joined_at,
        }
    }
}

impl Success for MembersResponse {
    fn example() -> Self {
        let member = MemberResponse {
            user_id: example::MEMBER_ID.to_owned(),
            username: "grace".to_owned(),
            full_name: Some("Grace Hopper".to_owned()),
            email: Some("grace@example.com".to_owned()),
            role: Role::Member.as_str(),
            joined_at: datetime!(2026-01-01 12:00 UTC),
        };
        Self { items: vec![member], next_cursor: None }
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "list_members",
    tag: Tag::Orgs,
    summary: "List the members of an organization",
    description: "Lists the members of the organization, newest account first. Only owners and admins see email addresses.",
    answer: "A page of members.",
    refusals: &[
        DocumentedError::NotFound(NO_ORG),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: (path, PageParams(page)) }: Authenticated<(
        OrgPath,
        PageParams<UserId>,
    )>,
) -> Result<Json<MembersResponse>, ApiError> {
    let id = path.org_id;
    let page = call.run(|app| async move { app.orgs.list_members.run(&caller, &id, page).await });
    let page = page.await?;
    let items = page.items.into_iter().map(Into::into);
    let next_cursor = page.next.map(|id| id.to_string());
    Ok(Json(MembersResponse { items: items.collect(), next_cursor }))
}
