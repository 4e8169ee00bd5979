//! `GET /v1/orgs`: the organisations that one belongs to.

use actix_web::web::Json;
use doorward_application::list_orgs::ListOrgsError;
use doorward_domain::OrgId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    error::{ApiError, catalog},
    extract::{PageQuery, Signed},
    openapi::{Operation, Refusal, Success, Tag},
    wire::OrgResponse,
};

/// A page of the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrgsResponse {
    /// The organisations, newest first.
    items: Vec<OrgResponse>,
    /// What the next page comes after; `null` where there is no next page.
    #[schema(format = Uuid, required)]
    next_cursor: Option<String>,
}

impl Success for OrgsResponse {
    fn example() -> Self {
        Self { items: vec![OrgResponse::example()], next_cursor: None }
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "list_orgs",
    tag: Tag::Orgs,
    summary: "List one's organizations",
    description: "The organizations that the person belongs to, the newest first, with their role in each. `POST /v1/auth/switch-org` gives an \
        access token for one of them.",
    answer: "A page of the list.",
    refusals: &[Refusal::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input: PageQuery(page) }: Signed<PageQuery<OrgId>>,
) -> Result<Json<OrgsResponse>, ApiError> {
    let page = call.run(|app| async move { app.list_orgs.own(&caller, page).await }).await?;
    let items = page.items.into_iter().map(Into::into);
    let next_cursor = page.next.map(|id| id.to_string());
    Ok(Json(OrgsResponse { items: items.collect(), next_cursor }))
}

impl From<ListOrgsError> for ApiError {
    fn from(error: ListOrgsError) -> Self {
        match error {
            ListOrgsError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            ListOrgsError::Failure(failure) => failure.into(),
        }
    }
}
