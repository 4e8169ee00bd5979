//! Whether the process lives, and whether it can serve.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Json},
};
use doorward_domain::{error::chain, ports::NotReady};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    error::{ApiError, EverySecond},
    state::State,
};

/// Checks that failed: anybody may ask as often as they like.
static NOT_READY: EverySecond = EverySecond::new();

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
    let storage = state.ports.storage.clone();
    // On the runtime of the use cases: a client that disconnects interrupts no statement.
    let check = state.run(|_| async move { Ok::<_, ApiError>(storage.check_ready().await) });
    let reason = match check.await {
        Ok(Ok(())) if !state.can_sign() => "there is no key to sign with",
        Ok(Ok(())) => {
            return HttpResponse::Ok().json(HealthResponse { status: "ready", reason: None });
        }
        Ok(Err(problem)) => {
            if let Some(requests) = NOT_READY.count(state.ports.clock.now()) {
                tracing::warn!(requests, error = %chain(&problem), "not ready");
            }
            match problem {
                NotReady::Unavailable(_) => "the database is away",
                NotReady::ReadOnly(_) => "the database can't be written to",
                NotReady::Schema(_) => "the schema of the database is missing or too old",
                NotReady::Privileges(_) => "the database does not grant what the server needs",
            }
        }
        Err(_) => "the database is away",
    };
    not_ready(reason)
}

fn not_ready(reason: &'static str) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((header::RETRY_AFTER, "1"))
        .json(HealthResponse { status: "not ready", reason: Some(reason) })
}
