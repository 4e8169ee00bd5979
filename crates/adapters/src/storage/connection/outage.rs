//! Records why connections to the database fail. A pool reports only that no connection was available in time.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bb8::{ManageConnection, Pool, RunError};
use diesel::{ConnectionError, ConnectionResult};
use doorward_domain::{error::chain, ports::StorageError};
use tokio::time::Instant;

/// The interval after which the same reason is logged again.
const REMINDER: Duration = Duration::from_secs(15 * 60);

/// An outage that begins this soon after the last line about an outage is not logged, since some attempts fail and
/// some succeed.
const FLAPPING: Duration = Duration::from_secs(20);

/// The maximum length of a reason in characters: a server may send any text.
const MAX_LENGTH: usize = 400;

/// Whether the last attempt to connect failed, and what was logged about it. All pools of a storage share one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outage(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Why the last attempt failed; `None` if it succeeded.
    reason: Option<String>,
    /// The reason that was logged last, and when.
    logged: Option<(String, Instant)>,
    /// Whether a failure was logged and its end was not.
    is_open: bool,
}

impl Outage {
    /// Records the outcome of an attempt to connect. Logs one line when connections begin to fail, one for each
    /// different reason, and one when they succeed again.
    pub(crate) fn record<C>(&self, outcome: ConnectionResult<C>) -> ConnectionResult<C> {
        match &outcome {
            Ok(_) => {
                if self.ends() {
                    tracing::info!("database connections restored");
                }
            }
            Err(error) => {
                let reason = in_one_line(error);
                if self.is_news(&reason) {
                    tracing::warn!(error = reason, "cannot connect to the database; retrying");
                }
            }
        }
        outcome
    }

    /// Returns the error of a request that got no connection from a pool.
    pub(crate) fn of<M>(&self, error: RunError<M::Error>, pool: &Pool<M>) -> StorageError
    where
        M: ManageConnection<Error: std::error::Error + Sync>,
    {
        let config = pool.config();
        match error {
            RunError::TimedOut => self.timed_out(config.max_size, config.connection_timeout),
            RunError::User(error) => StorageError::Unavailable(Box::new(error)),
        }
    }

    fn timed_out(&self, most: u32, wait: Duration) -> StorageError {
        let wait = wait.as_secs_f32();
        let message = match &self.state().reason {
            Some(reason) => format!("cannot connect to the database within {wait} s: {reason}"),
            None => {
                format!("all {most} database connections were in use for {wait} s")
            }
        };
        StorageError::Unavailable(message.into())
    }

    fn is_news(&self, reason: &str) -> bool {
        let mut state = self.state();
        state.reason = Some(reason.to_owned());
        if let Some((logged, at)) = &state.logged
            && logged == reason
            && at.elapsed() < REMINDER
        {
            return false;
        }
        state.logged = Some((reason.to_owned(), Instant::now()));
        state.is_open = true;
        true
    }

    fn ends(&self) -> bool {
        let mut state = self.state();
        state.reason = None;
        if state.logged.as_ref().is_some_and(|(_, at)| at.elapsed() >= FLAPPING) {
            state.logged = None;
        }
        std::mem::take(&mut state.is_open)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_one_line(error: &ConnectionError) -> String {
    let said = chain(error).to_string();
    said.chars().take(MAX_LENGTH).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(reason: &str) -> ConnectionResult<()> {
        Err(ConnectionError::BadConnection(reason.to_owned()))
    }

    #[tokio::test(start_paused = true)]
    async fn outage_reason_is_logged_once_until_it_changes_or_persists() {
        let outage = Outage::default();
        assert!(!outage.ends());
        assert!(outage.is_news("no password"));
        assert!(!outage.is_news("no password"));
        assert!(outage.is_news("no route"));
        assert!(outage.ends() && !outage.ends());
        // Some attempts fail and some succeed, so the log has no line for each.
        assert!(!outage.is_news("no route") && !outage.ends());
        tokio::time::advance(FLAPPING).await;
        assert!(!outage.is_news("no route") && !outage.ends());
        // A later outage with the same reason is logged again.
        assert!(outage.is_news("no route") && outage.ends());
        assert!(!outage.is_news("no route"));
        tokio::time::advance(REMINDER).await;
        assert!(outage.is_news("no route") && outage.ends());
    }

    #[tokio::test]
    async fn request_error_contains_the_reason_of_the_outage() {
        let outage = Outage::default();
        let told = || format!("{:?}", outage.timed_out(4, Duration::from_secs(1)));
        assert!(told().contains("all 4 database connections were in use for 1 s"));
        outage.record(refused("password\nauthentication failed")).unwrap_err();
        assert!(told().contains("password authentication failed"), "{}", told());
        outage.record(Ok(())).unwrap();
        assert!(told().contains("all 4"));
    }
}
