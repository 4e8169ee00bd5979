//! Metrics of the server, for Prometheus. They are served on a separate listener, for operators.

mod database;
mod hashing;
mod keys;
mod limiter;
mod mails;
mod process;
mod requests;

pub(crate) use hashing::Hashes;
pub(crate) use limiter::{Decisions, MeteredRateLimiter};
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

use crate::http::state::State;
use requests::Requests;

const PREFIX: &str = "doorward";

/// The metrics of the server.
pub(crate) struct Metrics {
    counted: Registry,
    pub(crate) requests: Requests,
    readings: MetricSources,
}

/// The sources of metrics that are read for each response.
pub(crate) struct MetricSources {
    pub(crate) hasher: Arc<Argon2Hasher>,
    pub(crate) redis: Option<Arc<RedisRateLimiter>>,
    pub(crate) storage: Arc<SqlStorage>,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) schedule: KeySchedule,
}

impl Metrics {
    pub(crate) fn new(readings: MetricSources, limits: Decisions, hashes: &Hashes) -> Self {
        let mut counted = Registry::with_prefix(PREFIX);
        let requests = Requests::register(&mut counted);
        let about = "Rate limit decisions";
        counted.register("rate_limit_decisions", about, limits);
        hashes.register(&mut counted);
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        counted.register("build", "Build information", build);
        Self { counted, requests, readings }
    }
}

impl MetricSources {
    fn collect(&self, now: OffsetDateTime, registry: &mut Registry) {
        hashing::collect(&self.hasher, registry);
        database::collect(&self.storage.pools(), registry);
        keys::collect(&self.keys, &self.schedule, now, registry);
        if let Some(redis) = &self.redis {
            let about =
                "Rate limit decisions made by this server alone because Redis was unavailable";
            let fallbacks = ConstCounter::new(redis.fallbacks());
            registry.register("rate_limit_fallbacks", about, fallbacks);
        }
    }
}

/// Converts a count to the type of gauges.
fn whole(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

async fn collect(state: &State) -> Result<String, fmt::Error> {
    let metrics = &state.metrics;
    let mut read = Registry::with_prefix(PREFIX);
    metrics.readings.collect(state.ports.clock.now(), &mut read);
    mails::collect(state, &mut read).await;
    let mut of_process = Registry::default();
    process::collect(&mut of_process);
    let mut text = String::new();
    for registry in [&metrics.counted, &read, &of_process] {
        encode_registry(&mut text, registry)?;
    }
    encode_eof(&mut text)?;
    Ok(text)
}

/// `GET /metrics`
pub(crate) async fn handle(state: web::Data<State>) -> HttpResponse {
    match collect(&state).await {
        Ok(text) => HttpResponse::Ok()
            .insert_header((
                "content-type",
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            ))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "encoding metrics failed");
            HttpResponse::InternalServerError().content_type(ContentType::plaintext()).finish()
        }
    }
}
