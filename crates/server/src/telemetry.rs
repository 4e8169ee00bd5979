//! Traces, sent to an OpenTelemetry collector where one is configured.
//!
//! A trace is made of spans and of nothing else: no log line goes into one, since lines may hold what is meant
//! for operators alone.

mod exporter;
mod request;
mod sampler;

pub(crate) use request::{RequestSpan, in_current_trace};

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{
    ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use reqwest::{blocking::Client, redirect::Policy};
use tracing::{Metadata, Subscriber, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};
use url::Url;

use exporter::Watched;
use sampler::{ratio, sampler};

/// How long the collector may take for one batch, and for the last one when the server stops.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Where traces go, and how many of them.
#[derive(Debug, Clone)]
pub struct TelemetryOptions {
    /// Where the collector takes traces by OTLP over HTTP.
    pub endpoint: Url,
    /// What the server is called in them.
    pub service_name: String,
    /// Which part of the traces that begin here is sent, from 0 to 1.
    pub sample_ratio: f64,
}

/// Traces can't be sent.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// There is no client for HTTP.
    #[error("the client for the collector of traces can't be made")]
    Client(#[from] reqwest::Error),
    /// The exporter does not take these options.
    #[error("traces can't be sent")]
    Exporter(#[from] ExporterBuildError),
}

/// Sends spans, in batches and from a thread of its own. What the queue has no room for is dropped.
#[derive(Debug)]
pub(crate) struct Telemetry(SdkTracerProvider);

impl Telemetry {
    /// Has to be called outside of any runtime: the exporter has one of its own.
    pub(crate) fn start(options: &TelemetryOptions) -> Result<Self, TelemetryError> {
        let client = Client::builder().redirect(Policy::none()).timeout(TIMEOUT).build()?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(TIMEOUT)
            .with_endpoint(options.endpoint.as_str())
            .build()?;
        let resource = Resource::builder().with_service_name(options.service_name.clone()).build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Watched::new(exporter, &options.endpoint))
            .with_sampler(sampler(ratio(options.sample_ratio)))
            .with_resource(resource)
            .build();
        Ok(Self(provider))
    }

    /// Makes spans of this server's what they are in a trace.
    pub(crate) fn layer<S>(&self) -> impl Layer<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let layer: OpenTelemetryLayer<S, _> = tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer(env!("CARGO_PKG_NAME")))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false);
        layer.with_filter(filter_fn(is_traced).with_max_level_hint(LevelFilter::DEBUG))
    }

    /// Sends what is left.
    pub(crate) fn stop(self) {
        // What went wrong was told when it did.
        let _ = self.0.shutdown_with_timeout(TIMEOUT);
    }
}

/// Spans of this server, but for the one that is there for log lines.
fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("doorward") && !is_for_lines(metadata)
}

/// The span of log lines, which has their fields.
pub(crate) fn is_for_lines(metadata: &Metadata<'_>) -> bool {
    metadata.name() == "request"
}
