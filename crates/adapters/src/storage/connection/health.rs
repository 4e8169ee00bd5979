//! Handles PostgreSQL servers that accept a statement and never respond, such as a hung host whose kernel still
//! acknowledges packets, or a commit that waits for an unreachable replica. Also handles read-only sessions.

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

use super::connect::Pg;

/// The timeout of a statement. It is longer than `statement_timeout`, with which a responsive server cancels the
/// statement itself, so only connections of unresponsive servers are marked as broken.
pub(crate) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(6);

/// How long a broken connection keeps its place in the pool, unless it responds or is closed earlier. Its backend
/// may exist for that long; otherwise a pool would leave a full set of backends behind every six seconds.
const QUARANTINE: Duration = Duration::from_secs(20);

/// How long connections are probed before they are lent after a timeout, since others may lead to the same host.
const PROBE_WINDOW: Duration = Duration::from_secs(60);

/// The minimum interval for replacing shared connections after a read-only session was seen.
const REPLACED: Duration = Duration::from_secs(5);

/// Fails in a read-only session.
const ASK_WHETHER_IT_WRITES: &str =
    "SELECT 1 / (current_setting('transaction_read_only') = 'off')::int";

/// The timeout of a probe. It is short enough to try another connection before the request fails.
const PROBE_TIMEOUT: Duration = Duration::from_millis(400);

type Transactions = <Pg as AsyncConnection>::TransactionManager;

/// Problems seen on one connection that may affect others.
#[derive(Clone, Default)]
pub(crate) struct PoolHealth(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Until when connections are probed, because a statement timed out.
    silent_until: Option<Instant>,
    /// Until when connections are probed for being writable, because a session was read-only.
    read_only_until: Option<Instant>,
    /// Shared connections that began before this time are replaced.
    read_only_at: Option<Instant>,
}

impl PoolHealth {
    pub(crate) fn raise(&self) {
        self.state().silent_until = Some(Instant::now() + PROBE_WINDOW);
    }

    /// Records a read-only session. Another session may be writable: a session keeps the default with which it
    /// began, and the server on which it began, which may no longer be the primary.
    pub(crate) fn only_reads(&self) {
        let (mut state, now) = (self.state(), Instant::now());
        state.read_only_until = Some(now + PROBE_WINDOW);
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

    /// Returns `true` if a shared connection whose session began at this time must be replaced.
    pub(crate) fn replaces(&self, since: Instant) -> bool {
        self.state().read_only_at.is_some_and(|at| since <= at)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Checks whether the pool can lend a connection, which a request has used before if `was_lent`. A closed connection is
/// detected without a query.
pub(crate) async fn check(
    connection: &mut Pg,
    was_lent: bool,
    suspicion: &PoolHealth,
) -> QueryResult<()> {
    if connection.is_broken() {
        return lost("the connection is closed");
    }
    // A new connection is always lent: while the whole database is read-only, there is no better one.
    let question = if was_lent && suspicion.is_read_only() {
        ASK_WHETHER_IT_WRITES
    } else if suspicion.is_silent() {
        "SELECT 1"
    } else {
        return Ok(());
    };
    let asked = timeout(PROBE_TIMEOUT, connection.batch_execute(question));
    asked.await.unwrap_or_else(silent)
}

/// Returns `true` if a statement failed because its session is read-only. Another connection may be writable: the
/// default may have been reset, or the host name may now resolve to another server.
pub(crate) fn only_reads<T>(outcome: &QueryResult<T>) -> bool {
    matches!(outcome, Err(Error::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _)))
}

/// Marks a connection as broken, so that the pool closes it instead of lending it again.
pub(crate) fn mark_broken(connection: &mut Pg) {
    Transactions::transaction_manager_status_mut(connection).set_in_error();
}

/// Returns `true` if the connection was marked as broken.
pub(crate) fn is_given_up(connection: &mut Pg) -> bool {
    let status = Transactions::transaction_manager_status_mut(connection);
    matches!(status, TransactionManagerStatus::InError)
}

/// Waits until a broken connection responds or is closed, for a limited time.
pub(crate) async fn quarantine(connection: &mut Pg) {
    // Its response comes after that of the statement before it. The outcome does not matter.
    let _ = timeout(QUARANTINE, connection.batch_execute("SELECT 1")).await;
}

/// Returns the error of a statement that timed out. The statement may have been executed.
pub(crate) fn silent<T>(_elapsed: Elapsed) -> QueryResult<T> {
    lost("the database accepted a statement but did not respond")
}

fn lost<T>(said: &str) -> QueryResult<T> {
    Err(Error::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(said.to_owned())))
}
