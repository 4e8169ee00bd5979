//! Traces, exported to an OpenTelemetry collector if one is configured.
//!
//! A trace consists of spans only. Log lines are not exported, because they may contain information for operators
//! alone.

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

/// The timeout for exporting a batch, and for the last batch on shutdown.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The destination of traces, and the share of traces that is exported.
#[derive(Debug, Clone)]
pub struct TelemetryOptions {
    /// The collector's URL for OTLP over HTTP.
    pub endpoint: Url,
    /// The name of the service in traces.
    pub service_name: String,
    /// The share of traces that start in this server and are exported, from 0 to 1.
    pub sample_ratio: f64,
}

/// Errors returned when trace export can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The HTTP client can't be created.
    #[error("cannot create the HTTP client for the trace collector")]
    Client(#[from] reqwest::Error),
    /// The exporter rejects the options.
    #[error("cannot set up trace export")]
    Exporter(#[from] ExporterBuildError),
}

/// Exports spans in batches, on a thread of its own. Spans are dropped when the queue is full.
#[derive(Debug)]
pub(crate) struct Telemetry(SdkTracerProvider);

impl Telemetry {
    /// Starts the export. Must be called outside of any runtime, because the exporter has its own.
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

    /// Returns the layer that records the server's spans for traces.
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

    /// Exports the remaining spans.
    pub(crate) fn stop(self) {
        // Failures were logged when they happened.
        let _ = self.0.shutdown_with_timeout(TIMEOUT);
    }
}

/// Returns `true` for spans of this server, except the span for log lines.
fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("doorward") && !is_for_lines(metadata)
}

/// Returns `true` for the span of log lines, which has the fields of the request.
pub(crate) fn is_for_lines(metadata: &Metadata<'_>) -> bool {
    metadata.name() == "request"
}
