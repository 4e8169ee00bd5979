//! PostgreSQL connections that one request at a time uses.

use std::{
    mem,
    ops::{Deref, DerefMut},
    sync::Arc,
    thread,
};

use bb8::ManageConnection;
use diesel::ConnectionError;
use diesel_async::pooled_connection::PoolableConnection;

use super::{
    connect::{self, Pg},
    health::{self, PoolHealth},
    outage::Outage,
};
use crate::storage::{sql::observe::QueryObserver, url::PostgresUrl};

/// A connection, with the state that the pool needs.
pub(crate) struct Lent {
    connection: Pg,
    /// Whether a request has used it before.
    pub(crate) was_lent: bool,
    /// Whether a statement failed because the session is read-only.
    pub(crate) only_reads: bool,
}

impl Deref for Lent {
    type Target = Pg;

    fn deref(&self) -> &Pg {
        &self.connection
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Pg {
        &mut self.connection
    }
}

/// Creates connections for a pool that lends each to one request at a time.
pub(crate) struct Manager {
    pub(crate) url: PostgresUrl,
    pub(crate) observer: Option<Arc<dyn QueryObserver>>,
    pub(crate) suspicion: PoolHealth,
    pub(crate) outage: Outage,
}

impl ManageConnection for Manager {
    type Connection = Lent;
    type Error = ConnectionError;

    async fn connect(&self) -> Result<Lent, ConnectionError> {
        let connected = connect::postgres_for_requests(&self.url, self.observer.clone()).await;
        let connection = self.outage.record(connected)?;
        Ok(Lent { connection, was_lent: false, only_reads: false })
    }

    async fn is_valid(&self, lent: &mut Lent) -> Result<(), ConnectionError> {
        let was_lent = mem::replace(&mut lent.was_lent, true);
        let checked = health::check(&mut lent.connection, was_lent, &self.suspicion).await;
        checked.map_err(|error| ConnectionError::BadConnection(error.to_string()))
    }

    fn has_broken(&self, lent: &mut Lent) -> bool {
        thread::panicking() || lent.only_reads || lent.connection.is_broken()
    }
}
