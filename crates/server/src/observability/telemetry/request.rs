//! The span of a request in a trace, with the names of OpenTelemetry's semantic conventions for HTTP.

use actix_web::{
    dev::ServiceRequest,
    http::{Method, header::HeaderMap},
};
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator},
    trace::{Status, TraceContextExt},
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Instrument, Span, debug_span, field, instrument::Instrumented};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::{
    http::{middleware::RequestId, request::is_trusted_peer, state::State},
    observability::metrics::{Pattern, known},
};

tokio::task_local! {
    /// The span of the request that this task handles.
    static CURRENT: Span;
}

/// Attaches the request's trace to a future that runs as a separate task. The current span can't be used, because it
/// is the span for log lines, which is not part of the trace.
pub(crate) fn in_current_trace<F: Future>(work: F) -> Instrumented<F> {
    let span = CURRENT.try_with(Clone::clone).unwrap_or_else(|_no_request| Span::none());
    work.instrument(span)
}

/// The span of a request. Disabled if there is no collector.
pub(crate) struct RequestSpan(Span);

impl RequestSpan {
    pub(crate) fn new(request: &ServiceRequest, id: &RequestId, state: &State) -> Self {
        let span = debug_span!(
            "http",
            otel.kind = "server",
            request_id = %id.0,
            http.request.method = method(request.method()),
            http.route = field::Empty,
            http.response.status_code = field::Empty,
        );
        let peer = request.peer_addr().map(|peer| peer.ip());
        // Only trusted peers may decide what is sampled, and which trace it belongs to.
        if !span.is_disabled() && is_trusted_peer(peer, &state.trusted_proxies) {
            let theirs = TraceContextPropagator::new().extract(&Headers(request.headers()));
            // Fails if no layer records traces; then there is no trace to join.
            let _ = span.set_parent(theirs);
        }
        Self(span)
    }

    pub(crate) fn span(&self) -> &Span {
        &self.0
    }

    /// Runs the handling of the request inside the span.
    pub(crate) fn around<F: Future>(&self, answer: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self.0.clone(), answer.instrument(self.0.clone()))
    }

    /// Returns the ID of the exported trace, if the request is in one.
    pub(crate) fn trace_id(&self) -> Option<String> {
        if self.0.is_disabled() {
            return None;
        }
        let context = self.0.context();
        let context = context.span().span_context().clone();
        context.is_sampled().then(|| context.trace_id().to_string())
    }

    pub(crate) fn responded(&self, called: &Method, route: Option<Pattern>, status: u16) {
        if self.0.is_disabled() {
            return;
        }
        let name = match route {
            Some(Pattern(route)) => {
                self.0.record("http.route", route);
                format!("{} {route}", method(called))
            }
            None => method(called).to_owned(),
        };
        self.0.record("http.response.status_code", status);
        // Fields for the name and status of a span are only read when it starts.
        let context = self.0.context();
        context.span().update_name(name);
        if status >= 500 {
            context.span().set_status(Status::error(""));
        }
    }
}

/// Returns the method as the conventions define it.
fn method(method: &Method) -> &'static str {
    match known(method) {
        "other" => "_OTHER",
        known => known,
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}
