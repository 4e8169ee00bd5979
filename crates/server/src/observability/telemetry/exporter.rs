//! Logs when the collector becomes unavailable, once.

use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SpanData, SpanExporter},
};
use url::Url;

/// An exporter whose outcomes are observed.
pub(super) struct Watched<E> {
    inner: E,
    collector: String,
    is_away: AtomicBool,
}

impl<E> Watched<E> {
    pub(super) fn new(inner: E, endpoint: &Url) -> Self {
        let collector = endpoint.origin().ascii_serialization();
        Self { inner, collector, is_away: AtomicBool::new(false) }
    }

    /// Logs one line when the collector becomes unavailable and one when it recovers, regardless of how many batches
    /// are lost in between.
    fn note(&self, outcome: &OTelSdkResult) {
        let was_away = self.is_away.swap(outcome.is_err(), Ordering::Relaxed);
        let collector = &self.collector;
        match outcome {
            Err(error) if !was_away => tracing::warn!(
                %collector, %error, "trace export failing: dropping spans until the collector recovers"
            ),
            Ok(()) if was_away => tracing::info!(%collector, "trace export recovered"),
            Ok(()) | Err(_) => {}
        }
    }
}

impl<E: SpanExporter> SpanExporter for Watched<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let outcome = self.inner.export(batch).await;
        self.note(&outcome);
        outcome
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

impl<E> fmt::Debug for Watched<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").field("collector", &self.collector).finish_non_exhaustive()
    }
}
