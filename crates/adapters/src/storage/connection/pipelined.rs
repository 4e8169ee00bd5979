//! PostgreSQL connections that many requests read over at the same time.
//!
//! A statement is sent before the results of earlier ones have arrived (pipelining). A few connections are then
//! enough for all requests, and both sides process several statements per scheduler wakeup. These statements only
//! read rows by key: they wait for no lock and take almost no time, so later statements are not delayed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use bb8::ManageConnection;
use diesel::{
    ConnectionError, QueryResult,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::pooled_connection::PoolableConnection;
use tokio::time::Instant;

use super::{
    connect::{self, Pg},
    health::PoolHealth,
    outage::Outage,
};
use crate::storage::{sql::observe::QueryObserver, url::PostgresUrl};

/// Returns the number of connections: as many as there are threads that can use them.
pub(crate) fn most() -> u32 {
    thread::available_parallelism().ok().and_then(|cores| cores.get().try_into().ok()).unwrap_or(1)
}

/// A connection that several requests use at the same time.
pub(crate) struct Shared {
    pub(crate) connection: Pg,
    /// A time at or before the start of the connection's session.
    since: Instant,
    lost: AtomicBool,
}

impl Shared {
    /// Replaces the connection if an error may mean that it is lost. A shutdown of the server has no error kind of
    /// its own.
    pub(crate) fn judge<T>(&self, outcome: QueryResult<T>) -> QueryResult<T> {
        use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand, Unknown};
        let lost = |error: &Error| {
            matches!(
                error,
                Error::DatabaseError(ClosedConnection | UnableToSendCommand | Unknown, _)
            )
        };
        if outcome.as_ref().is_err_and(lost) {
            self.lost.store(true, Ordering::Relaxed);
        }
        outcome
    }
}

/// Creates connections for a pool that lends each to many requests at the same time.
pub(crate) struct Manager {
    pub(crate) url: PostgresUrl,
    pub(crate) observer: Option<Arc<dyn QueryObserver>>,
    pub(crate) suspicion: PoolHealth,
    pub(crate) outage: Outage,
}

impl ManageConnection for Manager {
    type Connection = Arc<Shared>;
    type Error = ConnectionError;

    async fn connect(&self) -> Result<Self::Connection, ConnectionError> {
        let since = Instant::now();
        let connected = connect::postgres_for_requests(&self.url, self.observer.clone()).await;
        let connection = self.outage.record(connected)?;
        Ok(Arc::new(Shared { connection, since, lost: AtomicBool::new(false) }))
    }

    async fn is_valid(&self, shared: &mut Self::Connection) -> Result<(), ConnectionError> {
        // Only idle connections are checked here. A request that uses a closed connection notices it.
        let closed = Arc::get_mut(shared).is_some_and(|unused| unused.connection.is_broken());
        // It may be connected to a server that is no longer the primary, whose data is increasingly stale.
        if closed || self.has_broken(shared) || self.suspicion.replaces(shared.since) {
            return Err(ConnectionError::BadConnection("the connection was lost".into()));
        }
        Ok(())
    }

    fn has_broken(&self, shared: &mut Self::Connection) -> bool {
        shared.lost.load(Ordering::Relaxed)
    }
}
