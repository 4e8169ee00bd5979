//! `GET /v1/orgs/{org_id}/invites`: lists the open invites of an organization.

use actix_web::web::Json;
use doorward_domain::InviteId;
use serde::Serialize;
use utoipa::ToSchema;

use super::invite::InviteResponse;
use crate::{
    api::v1::orgs::{NO_ORG, path::OrgPath},
    http::{
        describe::{DocumentedError, Operation, Success, Tag},
        error::{ApiError, catalog},
        request::{Authenticated, PageParams},
    },
};

/// A page of invites.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitesResponse {
    /// The invites, newest first.
    items: Vec<InviteResponse>,
    /// The cursor of the next page; `null` on the last page.
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
    summary: "List the invites of an organization",
    description: "Lists the invites that have not been used or revoked, newest first. Expired invites are included, because \
        they can be resent.",
    answer: "A page of invites.",
    refusals: &[
        DocumentedError::NotFound(NO_ORG),
        DocumentedError::Permission(&catalog::INVITE_LIST),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: (path, PageParams(page)) }: Authenticated<(
        OrgPath,
        PageParams<InviteId>,
    )>,
) -> Result<Json<InvitesResponse>, ApiError> {
    let id = path.org_id;
    let page = call.run(|app| async move { app.invites.list.run(&caller, &id, page).await });
    let page = page.await?;
    let items = page.items.into_iter().map(Into::into);
    let next_cursor = page.next.map(|id| id.to_string());
    Ok(Json(InvitesResponse { items: items.collect(), next_cursor }))
}
