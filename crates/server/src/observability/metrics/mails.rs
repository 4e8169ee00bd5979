//! Metrics of unsent emails. They are only in the database, so they are read for each response.

use std::time::Duration;

use doorward_domain::{mail::OutboxStats, ports::StorageError};
use prometheus_client::{
    metrics::gauge::ConstGauge,
    registry::{Registry, Unit},
};
use time::OffsetDateTime;
use tokio::time::timeout;

use super::whole;
use crate::http::{error::ApiError, state::State};

/// How long to wait for the database. The other metrics are exported without those of emails rather than late,
/// because Prometheus waits for ten seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// Exports the metrics of emails, unless the database is unavailable.
pub(super) async fn collect(state: &State, registry: &mut Registry) {
    let storage = state.ports.storage.clone();
    let reading = state.run(|_| async move {
        let backlog: Result<OutboxStats, StorageError> =
            async { storage.connect().await?.outbox().backlog().await }.await;
        backlog.map_err(ApiError::internal)
    });
    match timeout(PATIENCE, reading).await {
        Ok(Ok(backlog)) => register(&backlog, state.ports.clock.now(), registry),
        Ok(Err(error)) => tracing::warn!(%error, "email metrics omitted"),
        Err(_elapsed) => {
            tracing::warn!("email metrics omitted: the database is too slow");
        }
    }
}

fn register(backlog: &OutboxStats, now: OffsetDateTime, registry: &mut Registry) {
    let count = |mails: u64| ConstGauge::new(whole(mails));
    registry.register("outbox_pending", "Emails waiting to be sent", count(backlog.waiting));
    let about = "Age of the oldest email waiting to be sent";
    let age = ConstGauge::new(backlog.age(now).as_seconds_f64());
    registry.register_with_unit("outbox_oldest_pending", about, Unit::Seconds, age);
    registry.register("outbox_failed", "Emails that failed permanently", count(backlog.failed));
}
