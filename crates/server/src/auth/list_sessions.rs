//! `GET /v1/auth/sessions`: where one is signed in.

use actix_web::web::Json;
use doorward_application::list_sessions::ListSessionsError;
use doorward_domain::{SessionId, session::Session};
use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use utoipa::ToSchema;

use crate::{
    error::{ApiError, catalog},
    extract::{PageQuery, Signed},
    openapi::{Operation, Refusal, Success, Tag},
    wire::example,
};

/// A page of the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionsResponse {
    /// The sessions, newest first.
    items: Vec<SessionResponse>,
    /// What the next page comes after; `null` where there is no next page.
    #[schema(format = Uuid, required)]
    next_cursor: Option<String>,
}

/// A session that goes on.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionResponse {
    /// Its id, which is `sid` in its access tokens.
    #[schema(format = Uuid)]
    session_id: String,
    /// Whether it is the one that asks.
    is_current: bool,
    /// When the person signed in.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When it was refreshed last, or opened.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    last_used_at: OffsetDateTime,
    /// When it ends if it is not refreshed before.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    expires_at: OffsetDateTime,
    /// Where the person signed in from: an address, of IPv6 its network of 64 bits.
    network: String,
    /// What the client called itself then.
    #[schema(required)]
    user_agent: Option<String>,
    /// Where the latest refresh came from.
    last_network: String,
    /// What the client called itself at the latest refresh.
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
    summary: "List where one is signed in",
    description: "The sessions that go on, the newest first.",
    answer: "A page of the list.",
    refusals: &[Refusal::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input: PageQuery(page) }: Signed<PageQuery<SessionId>>,
) -> Result<Json<SessionsResponse>, ApiError> {
    let current = caller.session_id;
    let page = call.run(|app| async move { app.list_sessions.run(&caller, page).await }).await?;
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
