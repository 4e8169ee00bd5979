//! Which traces are sent.

use opentelemetry::{
    Context, KeyValue,
    trace::{Link, SpanKind, TraceId},
};
use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};

/// Begins traces with requests and with mails. Statements of workers that look for work every second would
/// be traces of nothing.
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

/// A part of the traces that begin here, and of those that began elsewhere what was decided there.
pub(super) fn sampler(begun_here: Sampler) -> Sampler {
    Sampler::ParentBased(Box::new(Begins(begun_here)))
}

pub(super) fn ratio(ratio: f64) -> Sampler {
    Sampler::TraceIdRatioBased(ratio)
}
