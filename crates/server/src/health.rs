//! Whether the process lives, and whether it can serve.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Json},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{error::ApiError, state::State};

/// Whether the process lives, or can serve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthResponse {
    /// `ok` or `ready`; `not ready` with 503.
    pub(crate) status: &'static str,
    /// Why it is not ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) reason: Option<&'static str>,
}

/// Liveness: the process answers. It says nothing of the database, whose absence no restart mends.
pub(crate) async fn healthz() -> Json<HealthResponse> {
    Json(HealthResponse { status: "ok", reason: None })
}

/// Readiness: the database answers, and the server is not about to stop.
pub(crate) async fn readyz(state: web::Data<State>) -> HttpResponse {
    if state.is_draining() {
        return not_ready("the server is stopping");
    }
    let storage = state.ports.storage.clone();
    let ping = state.run(|_| async move { storage.ping().await.map_err(ApiError::internal) });
    match ping.await {
        Ok(()) => HttpResponse::Ok().json(HealthResponse { status: "ready", reason: None }),
        Err(_) => not_ready("the database is away"),
    }
}

fn not_ready(reason: &'static str) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((header::RETRY_AFTER, "1"))
        .json(HealthResponse { status: "not ready", reason: Some(reason) })
}
