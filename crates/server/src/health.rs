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

/// Readiness: the database accepts what the server has to write, there is a key to sign access tokens with, and the server is
/// not about to stop.
pub(crate) async fn readyz(state: web::Data<State>) -> HttpResponse {
    if state.is_draining() {
        return not_ready("the server is stopping");
    }
    let (readiness, ports) = (state.readiness.clone(), state.ports.clone());
    // On the runtime of the use cases: a client that disconnects interrupts no statement.
    let check = async move {
        let now = || ports.clock.now();
        Ok::<_, ApiError>(readiness.check(now, || ports.storage.check_ready()).await)
    };
    match state.run(|_| check).await {
        Ok(Ok(())) if !state.can_sign() => not_ready("there is no key to sign with"),
        Ok(Ok(())) => HttpResponse::Ok().json(HealthResponse { status: "ready", reason: None }),
        Ok(Err(reason)) => not_ready(reason),
        Err(_) => not_ready("the database is away"),
    }
}

fn not_ready(reason: &'static str) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((header::RETRY_AFTER, "1"))
        .json(HealthResponse { status: "not ready", reason: Some(reason) })
}
