//! What is done about a PostgreSQL that takes a statement and says nothing more: a host that stands still, whose
//! kernel alone is awake, or a commit that waits for a replica which is not there.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use diesel::{
    QueryResult,
    connection::TransactionManagerStatus,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::{
    AsyncConnection, SimpleAsyncConnection, TransactionManager,
    pooled_connection::PoolableConnection,
};
use tokio::time::{Instant, error::Elapsed, timeout};

use super::{connect::Pg, work::Pooled};

/// How long a statement is waited for. It is longer than `statement_timeout`, by which a server that is awake
/// cancels what it has to do, so nobody is given up who would have answered.
pub(super) const SILENCE: Duration = Duration::from_secs(6);

/// How long a connection that was given up keeps its place in the pool, unless it speaks or is closed. Its backend may be
/// there for as long, and without this a pool would leave as many behind every six seconds.
const KEPT: Duration = Duration::from_secs(20);

/// For how long after a silence connections are asked before they are lent, since others may lead to the same host.
const SUSPECTED: Duration = Duration::from_secs(60);

/// How long one that is asked may take: there is time for another one before the request is told.
const ASKED: Duration = Duration::from_millis(400);

/// Fails on a session that only reads, on a server that writes: one that began while that was the default.
const ASK: &str =
    "SELECT 1 / (current_setting('transaction_read_only') = 'off' OR pg_is_in_recovery())::int";

type Transactions = <Pg as AsyncConnection>::TransactionManager;

/// Whether there was a silence lately.
#[derive(Clone, Default)]
pub(super) struct Suspicion(Arc<Mutex<Option<Instant>>>);

impl Suspicion {
    pub(super) fn raise(&self) {
        *self.until() = Some(Instant::now() + SUSPECTED);
    }

    fn is_raised(&self) -> bool {
        self.until().is_some_and(|until| Instant::now() < until)
    }

    fn until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a connection of the pool can be lent. One that is closed is found out without a word to the database.
pub(super) async fn check(connection: &mut Pg, suspicion: &Suspicion) -> QueryResult<()> {
    if connection.is_broken() {
        return lost("the connection is closed");
    }
    if suspicion.is_raised() {
        let asked = timeout(ASKED, connection.batch_execute(ASK));
        return asked.await.unwrap_or_else(silent);
    }
    Ok(())
}

/// Returns `true` if a statement failed because its session only reads. Another connection may lead to one that writes:
/// the default may have been set back, or the name of the host leads to another server.
pub(super) fn only_reads<T>(outcome: &QueryResult<T>) -> bool {
    matches!(outcome, Err(Error::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _)))
}

/// Has the pool close a connection, rather than lend it again.
pub(super) fn give_up(guard: &mut Pooled<Pg>) {
    Transactions::transaction_manager_status_mut(&mut **guard).set_in_error();
}

pub(super) fn is_given_up(guard: &mut Pooled<Pg>) -> bool {
    let status = Transactions::transaction_manager_status_mut(&mut **guard);
    matches!(status, TransactionManagerStatus::InError)
}

/// Keeps the place of a connection that was given up.
pub(super) async fn keep_place(mut guard: Pooled<Pg>) {
    // It is answered after the statement before it. What comes of it does not matter.
    let _ = timeout(KEPT, guard.batch_execute("SELECT 1")).await;
}

/// The outcome of a statement that nothing was said to. It may have been carried out.
pub(super) fn silent<T>(_elapsed: Elapsed) -> QueryResult<T> {
    lost("the database took a statement and is silent")
}

fn lost<T>(said: &str) -> QueryResult<T> {
    Err(Error::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(said.to_owned())))
}
