//! `GET /v1/orgs/{org_id}/members`: who is in an organisation.

use actix_web::web::Json;
use doorward_domain::{UserId, membership::Member, role::Role};
use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use utoipa::ToSchema;

use super::{NO_ORG, path::OrgPath};
use crate::{
    error::{ApiError, catalog},
    extract::{PageQuery, Signed},
    openapi::{Operation, Refusal, Success, Tag},
    wire::{example, role},
};

/// A page of the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct MembersResponse {
    /// The members, the newest account first.
    items: Vec<MemberResponse>,
    /// What the next page comes after; `null` where there is no next page.
    #[schema(format = Uuid, required)]
    next_cursor: Option<String>,
}

/// Somebody in an organisation.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberResponse {
    /// The person.
    #[schema(format = Uuid)]
    user_id: String,
    /// The name that they sign in with.
    username: String,
    /// Their name.
    #[schema(required)]
    full_name: Option<String>,
    /// Their address; `null` unless the caller may see whom the organisation has invited.
    #[schema(format = Email, required)]
    email: Option<String>,
    /// What the person is in the organisation.
    #[schema(schema_with = role)]
    role: &'static str,
    /// Since when they are in it.
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
    description: "Who is in the organization, the newest account first. Addresses are shown to owners and admins.",
    answer: "A page of the list.",
    refusals: &[Refusal::NotFound(NO_ORG), Refusal::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input: (path, PageQuery(page)) }: Signed<(OrgPath, PageQuery<UserId>)>,
) -> Result<Json<MembersResponse>, ApiError> {
    let id = path.org_id;
    let page = call.run(|app| async move { app.list_members.run(&caller, &id, page).await });
    let page = page.await?;
    let items = page.items.into_iter().map(Into::into);
    let next_cursor = page.next.map(|id| id.to_string());
    Ok(Json(MembersResponse { items: items.collect(), next_cursor }))
}
