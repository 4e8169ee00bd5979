//! What the server counts of itself, for Prometheus. It is served on a listener of its own, for operators.

mod limiter;
mod mails;

pub(crate) use limiter::{Counted, Decisions};

use std::{fmt, iter::once, sync::Arc, time::Duration};

use actix_web::{HttpResponse, http::header::ContentType, web};
use doorward_adapters::{limits::RedisRateLimiter, passwords::Argon2Hasher};
use prometheus_client::{
    collector::Collector,
    encoding::{
        DescriptorEncoder, EncodeLabelSet, EncodeMetric,
        text::{encode_eof, encode_registry},
    },
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::ConstGauge,
        histogram::Histogram,
    },
    registry::{Registry, Unit},
};

use crate::state::State;

const PREFIX: &str = "doorward";

/// Up to what is slow for people.
const SECONDS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

type Durations = Family<Route, Histogram, fn() -> Histogram>;

/// Counts what happens, and tells it.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    durations: Durations,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

/// What is looked up when it is asked for.
pub(crate) struct Readings {
    pub(crate) hasher: Arc<Argon2Hasher>,
    pub(crate) redis: Option<Arc<RedisRateLimiter>>,
}

impl Metrics {
    pub(crate) fn new(readings: Readings, limits: Decisions) -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let requests = Family::default();
        let durations: Durations = Family::new_with_constructor(|| Histogram::new(SECONDS));
        registry.register("http_requests", "Requests that were answered", requests.clone());
        let about = "How long the answers took";
        let (name, unit) = ("http_request_duration", Unit::Seconds);
        registry.register_with_unit(name, about, unit, durations.clone());
        let about = "What was let in and what was turned away by a limit";
        registry.register("rate_limit_decisions", about, limits);
        registry.register_collector(Box::new(readings));
        Self { registry, requests, durations }
    }

    /// Counts an answer. The route is the pattern and not the path, of which there is no end.
    pub(crate) fn count(&self, method: &str, route: Option<String>, status: u16, took: Duration) {
        let route = route.unwrap_or_else(|| "none".to_owned());
        let method = known(method).to_owned();
        let labels = Route { method: method.clone(), route: route.clone() };
        self.durations.get_or_create(&labels).observe(took.as_secs_f64());
        self.requests.get_or_create(&Request { method, route, status }).inc();
    }
}

/// Puts what was counted, and what was read for it, into one text.
fn write(counted: &Registry, read: Option<&Registry>) -> Result<String, fmt::Error> {
    let mut text = String::new();
    for registry in once(counted).chain(read) {
        encode_registry(&mut text, registry)?;
    }
    encode_eof(&mut text)?;
    Ok(text)
}

/// A client can make methods up, and each would be counted by itself.
fn known(method: &str) -> &str {
    match method {
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method,
        _ => "other",
    }
}

impl Collector for Readings {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let waiting = ConstGauge::new(i64::try_from(self.hasher.waiting()).unwrap_or(i64::MAX));
        let about = "Passwords that wait to be hashed";
        let kind = waiting.metric_type();
        let gauge = encoder.encode_descriptor("passwords_waiting", about, None, kind)?;
        waiting.encode(gauge)?;
        if let Some(redis) = &self.redis {
            let fallbacks = ConstCounter::new(redis.fallbacks());
            let about = "Limits that this server judged by itself because Redis was away";
            let kind = fallbacks.metric_type();
            let counter = encoder.encode_descriptor("rate_limit_fallbacks", about, None, kind)?;
            fallbacks.encode(counter)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readings").finish_non_exhaustive()
    }
}

/// `GET /metrics`
pub(crate) async fn handle(state: web::Data<State>) -> HttpResponse {
    let mails = mails::read(&state).await;
    match write(&state.metrics.registry, mails.as_ref()) {
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
