//! `GET /v1/auth/events`: lists the security events of the user's account.

use actix_web::web::Json;
use doorward_application::events::list::ListEventsError;
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
    api::v1::wire::example,
    http::{
        describe::{DocumentedError, Operation, Success, Tag},
        error::{ApiError, catalog},
        request::{Authenticated, PageParams},
    },
};

/// A page of events.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventsResponse {
    /// The events, newest first.
    items: Vec<EventResponse>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(format = Uuid, required)]
    next_cursor: Option<String>,
}

/// A security event of an account.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventResponse {
    /// The ID of the event.
    #[schema(format = Uuid)]
    event_id: String,
    /// The kind of event. Later versions may add kinds.
    #[schema(schema_with = kinds)]
    kind: &'static str,
    /// When the event happened.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    at: OffsetDateTime,
    /// The organization that the event happened in, if any.
    #[schema(format = Uuid, required)]
    org_id: Option<String>,
    /// The session that the event happened in, if any.
    #[schema(format = Uuid, required)]
    session_id: Option<String>,
    /// The IP address of the client.
    address: String,
    /// The `User-Agent` header of the request.
    #[schema(required)]
    user_agent: Option<String>,
    /// The `X-Request-Id` of the request; prefixed with `client:` if the client chose it.
    request_id: String,
}

fn kinds() -> ObjectBuilder {
    let kinds = AuditKind::ALL.iter().map(|kind| kind.as_str());
    let description = "The kind of event. Later versions may add kinds.";
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
            address: event.client.ip.to_string(),
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
    summary: "List security events",
    description: "Lists sign-ins, failed sign-ins, password changes, and similar events of the user's account, newest \
        first. Events are kept for one year.",
    answer: "A page of events.",
    refusals: &[DocumentedError::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: PageParams(page) }: Authenticated<
        PageParams<AuditEventId>,
    >,
) -> Result<Json<EventsResponse>, ApiError> {
    let page = call.run(|app| async move { app.events.list.own(&caller, page).await }).await?;
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
