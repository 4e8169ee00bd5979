//! Whether the process lives, and whether it can serve.

use actix_web::{HttpResponse, http::header, web};
use serde_json::json;

use crate::{error::ApiError, state::State};

/// Liveness: the process answers. It says nothing of the database, whose absence no restart mends.
pub(crate) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// Readiness: the database answers, and the server is not about to stop.
pub(crate) async fn readyz(state: web::Data<State>) -> HttpResponse {
    if state.is_draining() {
        return not_ready("the server is stopping");
    }
    let storage = state.ports.storage.clone();
    let ping = state.run(|_| async move { storage.ping().await.map_err(ApiError::internal) });
    match ping.await {
        Ok(()) => HttpResponse::Ok().json(json!({ "status": "ready" })),
        Err(_) => not_ready("the database is away"),
    }
}

fn not_ready(reason: &str) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((header::RETRY_AFTER, "1"))
        .json(json!({ "status": "not ready", "reason": reason }))
}
