//! The liveness and readiness probes.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Json},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{error::ApiError, state::State};

/// The liveness or readiness of the server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthResponse {
    /// `ok` or `ready`; `not ready` with 503.
    pub(crate) status: &'static str,
    /// Why the server is not ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) reason: Option<&'static str>,
}

/// Liveness: the process responds. The database is not checked, because a restart can't fix an unavailable database.
pub(crate) async fn healthz() -> Json<HealthResponse> {
    Json(HealthResponse { status: "ok", reason: None })
}

/// Readiness: the database accepts the server's writes, there is a key to sign access tokens with, and the server is not
/// stopping.
pub(crate) async fn readyz(state: web::Data<State>) -> HttpResponse {
    if state.is_draining() {
        return not_ready("the server is stopping");
    }
    let (readiness, ports) = (state.readiness.clone(), state.ports.clone());
    // On the runtime of the use cases, so that a client that disconnects interrupts no statement.
    let check = async move {
        let now = || ports.clock.now();
        Ok::<_, ApiError>(readiness.check(now, || ports.storage.check_ready()).await)
    };
    match state.run(|_| check).await {
        Ok(Ok(())) if !state.can_sign() => not_ready("there is no key to sign with"),
        Ok(Ok(())) => HttpResponse::Ok().json(HealthResponse { status: "ready", reason: None }),
        Ok(Err(reason)) => not_ready(reason),
        Err(_) => not_ready("the database is unavailable"),
    }
}

fn not_ready(reason: &'static str) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((header::RETRY_AFTER, "1"))
        .json(HealthResponse { status: "not ready", reason: Some(reason) })
}
