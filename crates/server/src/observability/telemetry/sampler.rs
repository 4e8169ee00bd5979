//! Decides which traces are exported.

use opentelemetry::{
    Context, KeyValue,
    trace::{Link, SpanKind, TraceId},
};
use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};

/// Starts traces with requests and with emails only. Otherwise, every poll of an idle worker would be a trace.
#[derive(Debug, Clone)]
struct Begins(Sampler);

impl ShouldSample for Begins {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let begins = matches!(kind, SpanKind::Server | SpanKind::Producer);
        let sampler = if begins { &self.0 } else { &Sampler::AlwaysOff };
        sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

/// Returns a sampler that applies `begun_here` to traces that start here, and the caller's decision to traces that
/// started elsewhere.
pub(super) fn sampler(begun_here: Sampler) -> Sampler {
    Sampler::ParentBased(Box::new(Begins(begun_here)))
}

pub(super) fn ratio(ratio: f64) -> Sampler {
    Sampler::TraceIdRatioBased(ratio)
}
