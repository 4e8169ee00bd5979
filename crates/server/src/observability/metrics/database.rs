//! Metrics of the database connection pools. The pools provide them without a query to the database.

use doorward_adapters::storage::PoolStatus;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};

use super::whole;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Pool {
    pool: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    pool: &'static str,
    state: &'static str,
}

pub(super) fn collect(pools: &[PoolStatus], registry: &mut Registry) {
    let connections = Family::<Connections, Gauge>::default();
    let (most, waiting) = (Family::<Pool, Gauge>::default(), Family::<Pool, Gauge>::default());
    let (waits, timeouts) =
        (Family::<Pool, Counter>::default(), Family::<Pool, Counter>::default());
    let waited = Family::<Pool, Counter<f64>>::default();
    for status in pools {
        let pool = status.pool;
        let used = status.open.saturating_sub(status.idle);
        for (state, count) in [("idle", status.idle), ("in_use", used)] {
            connections.get_or_create(&Connections { pool, state }).set(count.into());
        }
        most.get_or_create(&Pool { pool }).set(status.most.into());
        waiting.get_or_create(&Pool { pool }).set(whole(status.waiting));
        waits.get_or_create(&Pool { pool }).inc_by(status.waits);
        timeouts.get_or_create(&Pool { pool }).inc_by(status.timeouts);
        waited.get_or_create(&Pool { pool }).inc_by(status.waited.as_secs_f64());
    }
    registry.register("database_connections", "Database connections", connections);
    let about = "Maximum number of database connections";
    registry.register("database_connections_max", about, most);
    let about = "Requests waiting for a connection";
    registry.register("database_connections_pending", about, waiting);
    let about = "Waits that ended with a connection";
    registry.register("database_connection_acquires_waited", about, waits);
    let about = "Total time spent waiting for connections";
    let (name, unit) = ("database_connection_wait", Unit::Seconds);
    registry.register_with_unit(name, about, unit, waited);
    let about = "Waits that timed out without a connection";
    registry.register("database_connection_timeouts", about, timeouts);
}
