//! `GET /v1/orgs`: lists the organizations that the user is a member of.

use actix_web::web::Json;
use doorward_application::orgs::list::ListOrgsError;
use doorward_domain::OrgId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::v1::wire::OrgResponse,
    http::{
        describe::{DocumentedError, Operation, Success, Tag},
        error::{ApiError, catalog},
        request::{Authenticated, PageParams},
    },
};

/// A page of organizations.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrgsResponse {
    /// The organizations, newest first.
    items: Vec<OrgResponse>,
    /// The cursor of the next page; `null` on the last page.
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
    summary: "List the current user's organizations",
    description: "Lists the organizations that the user is a member of, newest first, with their role in each. To get an access \
        token for one of them, call `POST /v1/auth/switch-org`.",
    answer: "A page of organizations.",
    refusals: &[DocumentedError::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: PageParams(page) }: Authenticated<PageParams<OrgId>>,
) -> Result<Json<OrgsResponse>, ApiError> {
    let page = call.run(|app| async move { app.orgs.list.own(&caller, page).await }).await?;
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
