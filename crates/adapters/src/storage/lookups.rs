//! Connections to PostgreSQL that many requests read over at a time.
//!
//! A statement is sent without waiting for the answers to those before it (pipelining), so that a few connections
//! do for all requests, and both sides handle several statements for one turn of the scheduler. What goes over
//! them reads rows by their keys: it waits for no lock and takes next to no time, so nobody behind it waits.

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
    observe::Observer,
    outage::Outage,
    silence::Suspicion,
    url::PostgresUrl,
};

/// How many there are: as many as there are threads to make use of them.
pub(super) fn most() -> u32 {
    thread::available_parallelism().ok().and_then(|cores| cores.get().try_into().ok()).unwrap_or(1)
}

/// A connection that several requests have at a time.
pub(super) struct Shared {
    pub(super) connection: Pg,
    /// Not later than when its session began.
    since: Instant,
    lost: AtomicBool,
}

impl Shared {
    /// Has it replaced where an outcome may mean that it is gone: a shutdown has no kind of its own.
    pub(super) fn judge<T>(&self, outcome: QueryResult<T>) -> QueryResult<T> {
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

/// Makes them, for a pool that lends each to everybody who asks.
pub(super) struct Manager {
    pub(super) url: PostgresUrl,
    pub(super) observer: Option<Arc<dyn Observer>>,
    pub(super) suspicion: Suspicion,
    pub(super) outage: Outage,
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
        // Whether it is closed can be asked of one that nobody uses; those who use it find out.
        let closed = Arc::get_mut(shared).is_some_and(|unused| unused.connection.is_broken());
        // It may lead to a server that is no longer the primary, and falls behind.
        if closed || self.has_broken(shared) || self.suspicion.replaces(shared.since) {
            return Err(ConnectionError::BadConnection("the connection is lost".into()));
        }
        Ok(())
    }

    fn has_broken(&self, shared: &mut Self::Connection) -> bool {
        shared.lost.load(Ordering::Relaxed)
    }
}
