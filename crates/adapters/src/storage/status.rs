use std::time::Duration;

use bb8::{ManageConnection, Pool};

use super::{SqlStorage, lookups, pool::Pools};

/// How a pool of connections does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolStatus {
    /// `connections` and `lookups` on PostgreSQL; on SQLite `readers` and `writer`.
    pub pool: &'static str,
    /// The greatest number of connections.
    pub most: u32,
    /// Connections that there are.
    pub open: u32,
    /// Those that nobody uses.
    pub idle: u32,
    /// Who waits for one now.
    pub waiting: u64,
    /// How often one was waited for and came.
    pub waits: u64,
    /// How long that was, all in all.
    pub waited: Duration,
    /// How often none came in time.
    pub timeouts: u64,
}

impl PoolStatus {
    fn of<M: ManageConnection>(name: &'static str, pool: &Pool<M>, most: u32) -> Self {
        let state = pool.state();
        let done = state.statistics;
        // The counts are read one after the other, while others go on counting.
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
    /// How its pools do. Nothing is asked of the database.
    pub fn pools(&self) -> Vec<PoolStatus> {
        match &self.pools {
            Pools::Pg { pool, most, lookups, .. } => vec![
                PoolStatus::of("connections", pool, *most),
                PoolStatus::of("lookups", lookups, lookups::most()),
            ],
            Pools::Sqlite { readers, most_readers, writer, .. } => vec![
                PoolStatus::of("readers", readers, *most_readers),
                PoolStatus::of("writer", writer, 1),
            ],
        }
    }
}
