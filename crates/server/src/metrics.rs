//! What the server counts of itself, for Prometheus. It is served on a listener of its own, for operators.

mod database;
mod hashing;
mod keys;
mod limiter;
mod mails;
mod process;
mod requests;

pub(crate) use hashing::Hashes;
pub(crate) use limiter::{Counted, Decisions};
pub(crate) use requests::{Pattern, known};

use std::{fmt, sync::Arc};

use actix_web::{HttpResponse, http::header::ContentType, web};
use doorward_adapters::{
    limits::RedisRateLimiter, passwords::Argon2Hasher, storage::SqlStorage, tokens::KeyRing,
};
use doorward_domain::signing_key::KeySchedule;
use prometheus_client::{
    encoding::text::{encode_eof, encode_registry},
    metrics::{counter::ConstCounter, info::Info},
    registry::Registry,
};
use time::OffsetDateTime;

use crate::state::State;
use requests::Requests;

const PREFIX: &str = "doorward";

/// Counts what happens, and tells it.
pub(crate) struct Metrics {
    counted: Registry,
    pub(crate) requests: Requests,
    readings: Readings,
}

/// What is looked up when it is asked for.
pub(crate) struct Readings {
    pub(crate) hasher: Arc<Argon2Hasher>,
    pub(crate) redis: Option<Arc<RedisRateLimiter>>,
    pub(crate) storage: Arc<SqlStorage>,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) schedule: KeySchedule,
}

impl Metrics {
    pub(crate) fn new(readings: Readings, limits: Decisions, hashes: &Hashes) -> Self {
        let mut counted = Registry::with_prefix(PREFIX);
        let requests = Requests::register(&mut counted);
        let about = "What was let in and what was turned away by a limit";
        counted.register("rate_limit_decisions", about, limits);
        hashes.register(&mut counted);
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        counted.register("build", "Which version this is", build);
        Self { counted, requests, readings }
    }
}

impl Readings {
    fn tell(&self, now: OffsetDateTime, registry: &mut Registry) {
        hashing::tell(&self.hasher, registry);
        database::tell(&self.storage.pools(), registry);
        keys::tell(&self.keys, &self.schedule, now, registry);
        if let Some(redis) = &self.redis {
            let about = "Limits that this server judged by itself because Redis was away";
            let fallbacks = ConstCounter::new(redis.fallbacks());
            registry.register("rate_limit_fallbacks", about, fallbacks);
        }
    }
}

/// A count as gauges take it.
fn whole(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

async fn tell(state: &State) -> Result<String, fmt::Error> {
    let metrics = &state.metrics;
    let mut read = Registry::with_prefix(PREFIX);
    metrics.readings.tell(state.ports.clock.now(), &mut read);
    mails::tell(state, &mut read).await;
    let mut of_process = Registry::default();
    process::tell(&mut of_process);
    let mut text = String::new();
    for registry in [&metrics.counted, &read, &of_process] {
        encode_registry(&mut text, registry)?;
    }
    encode_eof(&mut text)?;
    Ok(text)
}

/// `GET /metrics`
pub(crate) async fn handle(state: web::Data<State>) -> HttpResponse {
    match tell(&state).await {
        Ok(text) => HttpResponse::Ok()
            .insert_header((
                "content-type",
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            ))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "the metrics can't be written");
            HttpResponse::InternalServerError().content_type(ContentType::plaintext()).finish()
        }
    }
}
