//! The mails that have not gone out. Only the database knows them, so they are read for each answer.

use std::time::Duration;

use doorward_domain::{mail::Backlog, ports::StorageError};
use prometheus_client::{
    metrics::gauge::ConstGauge,
    registry::{Registry, Unit},
};
use time::OffsetDateTime;
use tokio::time::timeout;

use super::whole;
use crate::{error::ApiError, state::State};

/// The rest is told without the mails rather than late: Prometheus waits for ten seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tells them, unless the database is away.
pub(super) async fn tell(state: &State, registry: &mut Registry) {
    let storage = state.ports.storage.clone();
    let reading = state.run(|_| async move {
        let backlog: Result<Backlog, StorageError> =
            async { storage.connect().await?.outbox().backlog().await }.await;
        backlog.map_err(ApiError::internal)
    });
    match timeout(PATIENCE, reading).await {
        Ok(Ok(backlog)) => register(&backlog, state.ports.clock.now(), registry),
        Ok(Err(error)) => tracing::warn!(%error, "the metrics are told without the mails"),
        Err(_elapsed) => {
            tracing::warn!("the metrics are told without the mails: the database is too slow");
        }
    }
}

fn register(backlog: &Backlog, now: OffsetDateTime, registry: &mut Registry) {
    let count = |mails: u64| ConstGauge::new(whole(mails));
    registry.register("mails_waiting", "Mails that have to go out", count(backlog.waiting));
    let about = "How long the oldest of the mails that have to go out has waited";
    let age = ConstGauge::new(backlog.age(now).as_seconds_f64());
    registry.register_with_unit("mails_oldest_waiting", about, Unit::Seconds, age);
    registry.register("mails_parked", "Mails that were given up", count(backlog.parked));
}
