//! What is done about a PostgreSQL that takes a statement and says nothing more: a host that stands still, whose
//! kernel alone is awake, or a commit that waits for a replica which is not there. And about sessions that only read.

use std::{
    mem,
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

use super::{connect::Pg, connections::Lent, work::PooledPg};

/// How long a statement is waited for. It is longer than `statement_timeout`, by which a server that is awake
/// cancels what it has to do, so nobody is given up who would have answered.
pub(super) const SILENCE: Duration = Duration::from_secs(6);

/// How long a connection that was given up keeps its place in the pool, unless it speaks or is closed. Its backend may be
/// there for as long, and without this a pool would leave as many behind every six seconds.
const KEPT: Duration = Duration::from_secs(20);

/// For how long after a silence connections are asked before they are lent, since others may lead to the same host.
const SUSPECTED: Duration = Duration::from_secs(60);

/// How often connections that many requests share are replaced because others only read.
const REPLACED: Duration = Duration::from_secs(5);

/// Fails on a session that only reads.
const ASK_WHETHER_IT_WRITES: &str =
    "SELECT 1 / (current_setting('transaction_read_only') = 'off')::int";

/// How long one that is asked may take: there is time for another one before the request is told.
const ASKED: Duration = Duration::from_millis(400);

type Transactions = <Pg as AsyncConnection>::TransactionManager;

/// What one connection has shown, and others may be subject to.
#[derive(Clone, Default)]
pub(super) struct Suspicion(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Until when connections are asked, because there was a silence.
    silent_until: Option<Instant>,
    /// Until when connections are asked whether they write, because one only read.
    read_only_until: Option<Instant>,
    /// Those that requests share and that began before are replaced.
    read_only_at: Option<Instant>,
}

impl Suspicion {
    pub(super) fn raise(&self) {
        self.state().silent_until = Some(Instant::now() + SUSPECTED);
    }

    /// A session only reads. Another one may write: a session keeps the default that it began with, and the server that it
    /// began on, which may no longer be the primary.
    pub(super) fn only_reads(&self) {
        let (mut state, now) = (self.state(), Instant::now());
        state.read_only_until = Some(now + SUSPECTED);
        if state.read_only_at.is_none_or(|at| now - at >= REPLACED) {
            state.read_only_at = Some(now);
        }
    }

    fn is_silent(&self) -> bool {
        self.state().silent_until.is_some_and(|until| Instant::now() < until)
    }

    fn is_read_only(&self) -> bool {
        self.state().read_only_until.is_some_and(|until| Instant::now() < until)
    }

    /// Returns `true` if a session that many requests share and that began at this time has to be replaced.
    pub(super) fn replaces(&self, since: Instant) -> bool {
        self.state().read_only_at.is_some_and(|at| since <= at)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a connection of the pool can be lent. One that is closed is found out without a word to the database.
pub(super) async fn check(connection: &mut Lent, suspicion: &Suspicion) -> QueryResult<()> {
    if connection.is_broken() {
        return lost("the connection is closed");
    }
    // A new one is lent whatever it does: while the database only reads, there is no better one.
    let was_lent = mem::replace(&mut connection.was_lent, true);
    let question = if was_lent && suspicion.is_read_only() {
        ASK_WHETHER_IT_WRITES
    } else if suspicion.is_silent() {
        "SELECT 1"
    } else {
        return Ok(());
    };
    let asked = timeout(ASKED, connection.batch_execute(question));
    asked.await.unwrap_or_else(silent)
}

/// Returns `true` if a statement failed because its session only reads. Another connection may lead to one that writes:
/// the default may have been set back, or the name of the host leads to another server.
pub(super) fn only_reads<T>(outcome: &QueryResult<T>) -> bool {
    matches!(outcome, Err(Error::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _)))
}

/// Has the pool close a connection, rather than lend it again.
pub(super) fn give_up(guard: &mut PooledPg) {
    Transactions::transaction_manager_status_mut(&mut ***guard).set_in_error();
}

pub(super) fn is_given_up(guard: &mut PooledPg) -> bool {
    let status = Transactions::transaction_manager_status_mut(&mut ***guard);
    matches!(status, TransactionManagerStatus::InError)
}

/// Keeps the place of a connection that was given up.
pub(super) async fn keep_place(mut guard: PooledPg) {
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
