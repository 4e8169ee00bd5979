use std::time::Duration;

use bb8::{ManageConnection, Pool};

use super::{pipelined, pool::Pools};
use crate::storage::SqlStorage;

/// The state of a connection pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolStatus {
    /// `connections` and `lookups` on PostgreSQL; `readers` and `writer` on SQLite.
    pub pool: &'static str,
    /// The maximum number of connections.
    pub most: u32,
    /// The number of open connections.
    pub open: u32,
    /// The number of idle connections.
    pub idle: u32,
    /// The number of requests that are waiting for a connection.
    pub waiting: u64,
    /// The number of waits that ended with a connection.
    pub waits: u64,
    /// The total time of these waits.
    pub waited: Duration,
    /// The number of waits that timed out.
    pub timeouts: u64,
}

impl PoolStatus {
    fn of<M: ManageConnection>(name: &'static str, pool: &Pool<M>, most: u32) -> Self {
        let state = pool.state();
        let done = state.statistics;
        // The counters are read one after the other, while other threads update them.
        let finished = done.get_direct + done.get_waited + done.get_timed_out;
        Self {
            pool: name,
            most,
            open: state.connections,
            idle: state.idle_connections,
            waiting: done.get_started.saturating_sub(finished),
            waits: done.get_waited,
            waited: done.get_wait_time,
            timeouts: done.get_timed_out,
        }
    }
}

impl SqlStorage {
    /// Returns the state of the connection pools. Doesn't query the database.
    pub fn pools(&self) -> Vec<PoolStatus> {
        match &self.pools {
            Pools::Pg { pool, most, lookups, .. } => vec![
                PoolStatus::of("connections", pool, *most),
                PoolStatus::of("lookups", lookups, pipelined::most()),
            ],
            Pools::Sqlite { readers, most_readers, writer, .. } => vec![
                PoolStatus::of("readers", readers, *most_readers),
                PoolStatus::of("writer", writer, 1),
            ],
        }
    }
}
