//! `GET /v1/auth/sessions`: lists the user's sessions.

use actix_web::web::Json;
use doorward_application::sessions::list::ListSessionsError;
use doorward_domain::{SessionId, session::Session};
use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use utoipa::ToSchema;

use crate::{
    api::v1::wire::example,
    http::{
        describe::{DocumentedError, Operation, Success, Tag},
        error::{ApiError, catalog},
        request::{Authenticated, PageParams},
    },
};

/// A page of sessions.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionsResponse {
    /// The sessions, newest first.
    items: Vec<SessionResponse>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(format = Uuid, required)]
    next_cursor: Option<String>,
}

/// An active session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionResponse {
    /// The ID of the session, which is `sid` in its access tokens.
    #[schema(format = Uuid)]
    session_id: String,
    /// Whether this is the session of the request.
    is_current: bool,
    /// When the user signed in.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When the session was last refreshed, or created.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    last_used_at: OffsetDateTime,
    /// When the session expires unless it is refreshed.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    expires_at: OffsetDateTime,
    /// The IP address that the user signed in from; for IPv6, its /64 network.
    network: String,
    /// The `User-Agent` header of the sign-in.
    #[schema(required)]
    user_agent: Option<String>,
    /// The IP address of the last refresh; for IPv6, its /64 network.
    last_network: String,
    /// The `User-Agent` header of the last refresh.
    #[schema(required)]
    last_user_agent: Option<String>,
}

impl SessionResponse {
    fn new(session: Session, current: SessionId) -> Self {
        Self {
            session_id: session.id.to_string(),
            is_current: session.id == current,
            created_at: session.created_at,
            last_used_at: session.rotated_at,
            expires_at: session.idle_expires_at.min(session.expires_at),
            network: session.network.to_string(),
            user_agent: session.user_agent,
            last_network: session.last_network.to_string(),
            last_user_agent: session.last_user_agent,
        }
    }
}

impl Success for SessionsResponse {
    fn example() -> Self {
        let session = SessionResponse {
            session_id: example::SESSION_ID.to_owned(),
            is_current: true,
            created_at: datetime!(2026-01-01 12:00 UTC),
            last_used_at: datetime!(2026-01-02 12:00 UTC),
            expires_at: datetime!(2026-01-16 12:00 UTC),
            network: "192.0.2.1".to_owned(),
            user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0)".to_owned()),
            last_network: "198.51.100.7".to_owned(),
            last_user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0)".to_owned()),
        };
        Self { items: vec![session], next_cursor: None }
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "list_sessions",
    tag: Tag::Sessions,
    summary: "List sessions",
    description: "Lists the user's active sessions, newest first.",
    answer: "A page of sessions.",
    refusals: &[DocumentedError::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: PageParams(page) }: Authenticated<PageParams<SessionId>>,
) -> Result<Json<SessionsResponse>, ApiError> {
    let current = caller.session_id;
    let page = call.run(|app| async move { app.sessions.list.run(&caller, page).await }).await?;
    let items = page.items.into_iter().map(|session| SessionResponse::new(session, current));
    let next_cursor = page.next.map(|id| id.to_string());
    Ok(Json(SessionsResponse { items: items.collect(), next_cursor }))
}

impl From<ListSessionsError> for ApiError {
    fn from(error: ListSessionsError) -> Self {
        match error {
            ListSessionsError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            ListSessionsError::Failure(failure) => failure.into(),
        }
    }
}
