//! The pools of connections to the database. They know this by themselves: nothing is asked of the database.

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

pub(super) fn tell(pools: &[PoolStatus], registry: &mut Registry) {
    let connections = Family::<Connections, Gauge>::default();
    let (most, waiting) = (Family::<Pool, Gauge>::default(), Family::<Pool, Gauge>::default());
    let (waits, timeouts) =
        (Family::<Pool, Counter>::default(), Family::<Pool, Counter>::default());
    let waited = Family::<Pool, Counter<f64>>::default();
    for status in pools {
        let pool = status.pool;
        let used = status.open.saturating_sub(status.idle);
        for (state, count) in [("idle", status.idle), ("used", used)] {
            connections.get_or_create(&Connections { pool, state }).set(count.into());
        }
        most.get_or_create(&Pool { pool }).set(status.most.into());
        waiting.get_or_create(&Pool { pool }).set(whole(status.waiting));
        waits.get_or_create(&Pool { pool }).inc_by(status.waits);
        timeouts.get_or_create(&Pool { pool }).inc_by(status.timeouts);
        waited.get_or_create(&Pool { pool }).inc_by(status.waited.as_secs_f64());
    }
    registry.register("database_connections", "Connections to the database", connections);
    let about = "The greatest number of connections to the database";
    registry.register("database_connections_max", about, most);
    let about = "Requests that wait for a connection";
    registry.register("database_connections_waiting", about, waiting);
    let about = "How often a connection was waited for and came";
    registry.register("database_connection_waits", about, waits);
    let about = "How long connections were waited for, all in all";
    let (name, unit) = ("database_connection_wait", Unit::Seconds);
    registry.register_with_unit(name, about, unit, waited);
    let about = "How often no connection came in time";
    registry.register("database_connection_timeouts", about, timeouts);
}
