//! `GET /v1/orgs/{org_id}/invites`: who is invited.

use actix_web::web::Json;
use doorward_domain::InviteId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{NO_ORG, invite::InviteResponse, path::OrgPath};
use crate::{
    error::{ApiError, catalog},
    extract::{PageQuery, Signed},
    openapi::{Operation, Refusal, Success, Tag},
};

/// A page of the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitesResponse {
    /// The invites, newest first.
    items: Vec<InviteResponse>,
    /// What the next page comes after; `null` where there is no next page.
    #[schema(format = Uuid, required)]
    next_cursor: Option<String>,
}

impl Success for InvitesResponse {
    fn example() -> Self {
        Self { items: vec![InviteResponse::example()], next_cursor: None }
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "list_invites",
    tag: Tag::Orgs,
    summary: "List the invites into an organization",
    description: "The invites that nobody has used or taken back, the newest first. Those past their time are among them: they can be sent \
        again.",
    answer: "A page of the list.",
    refusals: &[
        Refusal::NotFound(NO_ORG),
        Refusal::Permission(&catalog::INVITE_LIST),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input: (path, PageQuery(page)) }: Signed<(OrgPath, PageQuery<InviteId>)>,
) -> Result<Json<InvitesResponse>, ApiError> {
    let id = path.org_id;
    let page = call.run(|app| async move { app.list_invites.run(&caller, &id, page).await });
    let page = page.await?;
    let items = page.items.into_iter().map(Into::into);
    let next_cursor = page.next.map(|id| id.to_string());
    Ok(Json(InvitesResponse { items: items.collect(), next_cursor }))
}
