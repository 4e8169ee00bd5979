//! Metrics of requests by route and status, and their durations.

use std::time::Duration;

use actix_web::http::Method;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

/// The buckets: up to what users perceive as slow.
const SECONDS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The label of requests without a route.
const NONE: &str = "none";

/// The labels are static, so that counting allocates nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: &'static str,
}

/// The pattern of a route, stored in the `app_data` of its resource. Getting it from the router would allocate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pattern(pub(crate) &'static str);

pub(crate) struct Requests {
    answers: Family<Request, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
}

impl Requests {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let answers = Family::default();
        let durations = Family::new_with_constructor((|| Histogram::new(SECONDS)) as fn() -> _);
        registry.register("http_requests", "HTTP requests", answers.clone());
        let about = "Time to respond to HTTP requests";
        let (name, unit) = ("http_request_duration", Unit::Seconds);
        registry.register_with_unit(name, about, unit, durations.clone());
        Self { answers, durations }
    }

    /// Counts a response. The route is the pattern, because the number of paths is unbounded.
    pub(crate) fn count(
        &self,
        method: &Method,
        route: Option<Pattern>,
        status: u16,
        took: Duration,
    ) {
        let (method, route) = (known(method), route.map_or(NONE, |pattern| pattern.0));
        self.durations.get_or_create(&Route { method, route }).observe(took.as_secs_f64());
        self.answers.get_or_create(&Request { method, route, status }).inc();
    }
}

/// Returns the label of a method. Unknown methods share one label, because a client can send any number of them.
pub(crate) fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_a_request_allocates_only_the_first_time() {
        let requests = Requests::register(&mut Registry::default());
        let brew = Method::from_bytes(b"BREW").unwrap();
        let count = || {
            let took = Duration::from_millis(3);
            requests.count(&Method::GET, Some(Pattern("/v1/auth/me")), 200, took);
            requests.count(&brew, None, 404, took);
        };
        let first = allocation_counter::measure(count);
        assert!(first.count_total > 0, "the measurement works");
        assert_eq!(allocation_counter::measure(count).count_total, 0);
    }
}
