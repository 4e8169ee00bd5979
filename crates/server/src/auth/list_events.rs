//! `GET /v1/auth/events`: what has happened to one's account.

use actix_web::web::Json;
use doorward_application::list_events::ListEventsError;
use doorward_domain::{
    AuditEventId,
    audit::{AuditEvent, AuditKind},
};
use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, schema::Type},
};

use crate::{
    error::{ApiError, catalog},
    extract::{PageQuery, Signed},
    openapi::{Operation, Refusal, Success, Tag},
    wire::example,
};

/// A page of the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventsResponse {
    /// The entries, newest first.
    items: Vec<EventResponse>,
    /// What the next page comes after; `null` where there is no next page.
    #[schema(format = Uuid, required)]
    next_cursor: Option<String>,
}

/// Something that has happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventResponse {
    /// The entry's id.
    #[schema(format = Uuid)]
    event_id: String,
    /// What has happened. There may be other kinds in later versions.
    #[schema(schema_with = kinds)]
    kind: &'static str,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    at: OffsetDateTime,
    /// In which organisation.
    #[schema(format = Uuid, required)]
    org_id: Option<String>,
    /// In which session.
    #[schema(format = Uuid, required)]
    session_id: Option<String>,
    /// From which address.
    address: String,
    /// What the client called itself.
    #[schema(required)]
    user_agent: Option<String>,
    /// The `X-Request-Id` of the request; after `client:` if the client chose it.
    request_id: String,
}

fn kinds() -> ObjectBuilder {
    let kinds = AuditKind::ALL.iter().map(|kind| kind.as_str());
    let description = "What has happened. There may be other kinds in later versions.";
    ObjectBuilder::new().schema_type(Type::String).examples(kinds).description(Some(description))
}

impl From<AuditEvent> for EventResponse {
    fn from(event: AuditEvent) -> Self {
        Self {
            event_id: event.id.to_string(),
            kind: event.kind.as_str(),
            at: event.at,
            org_id: event.org_id.map(|id| id.to_string()),
            session_id: event.session_id.map(|id| id.to_string()),
            address: event.client.address.to_string(),
            user_agent: event.client.user_agent,
            request_id: event.client.request_id,
        }
    }
}

impl Success for EventsResponse {
    fn example() -> Self {
        let event = EventResponse {
            event_id: "019b76da-a800-7000-8000-000000000003".to_owned(),
            kind: AuditKind::LoggedIn.as_str(),
            at: datetime!(2026-01-01 12:00 UTC),
            org_id: Some(example::ORG_ID.to_owned()),
            session_id: Some(example::SESSION_ID.to_owned()),
            address: "192.0.2.1".to_owned(),
            user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0)".to_owned()),
            request_id: "019b76da-a800-7000-8000-000000000004".to_owned(),
        };
        Self { items: vec![event], next_cursor: None }
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "list_events",
    tag: Tag::Sessions,
    summary: "List what has happened to one's account",
    description: "Sign-ins, failed ones too, changes of the password and the like, the newest first. Entries are kept for a \
        year.",
    answer: "A page of the list.",
    refusals: &[Refusal::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input: PageQuery(page) }: Signed<PageQuery<AuditEventId>>,
) -> Result<Json<EventsResponse>, ApiError> {
    let page = call.run(|app| async move { app.list_events.own(&caller, page).await }).await?;
    let items = page.items.into_iter().map(Into::into);
    let next_cursor = page.next.map(|id| id.to_string());
    Ok(Json(EventsResponse { items: items.collect(), next_cursor }))
}

impl From<ListEventsError> for ApiError {
    fn from(error: ListEventsError) -> Self {
        match error {
            ListEventsError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            ListEventsError::Failure(failure) => failure.into(),
        }
    }
}
