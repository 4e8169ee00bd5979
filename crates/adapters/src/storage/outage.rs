//! Why connections to the database fail. A pool reports only that none came in time, so this records the reason.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bb8::{ManageConnection, Pool, RunError};
use diesel::{ConnectionError, ConnectionResult};
use doorward_domain::{error::chain, ports::StorageError};
use tokio::time::Instant;

/// The same reason is logged again after this long.
const REMINDER: Duration = Duration::from_secs(15 * 60);

/// An outage that begins this soon after the last line about one is not logged: some attempts fail and some succeed.
const FLAPPING: Duration = Duration::from_secs(20);

/// How much of a reason is kept: a server may say anything.
const MAX_LENGTH: usize = 400;

/// Whether the last attempt to connect failed, and what the log was told of it. All pools of a storage share one.
#[derive(Debug, Clone, Default)]
pub(super) struct Outage(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Why the last attempt failed; `None` if it succeeded.
    reason: Option<String>,
    /// The reason that was logged last, and when.
    logged: Option<(String, Instant)>,
    /// Whether the log has a failure without an end.
    is_open: bool,
}

impl Outage {
    /// Records the outcome of an attempt to connect. The log has one line when connections begin to fail, one for each
    /// other reason, and one when they succeed again.
    pub(super) fn record<C>(&self, outcome: ConnectionResult<C>) -> ConnectionResult<C> {
        match &outcome {
            Ok(_) => {
                if self.ends() {
                    tracing::info!("connections to the database succeed again");
                }
            }
            Err(error) => {
                let reason = in_one_line(error);
                if self.is_news(&reason) {
                    tracing::warn!(
                        error = reason,
                        "no connection to the database: it is tried again"
                    );
                }
            }
        }
        outcome
    }

    /// The error of a request that a pool gave no connection to.
    pub(super) fn of<M>(&self, error: RunError<M::Error>, pool: &Pool<M>) -> StorageError
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
            Some(reason) => format!("no connection to the database within {wait} s: {reason}"),
            None => {
                format!("none of the {most} connections to the database was free within {wait} s")
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
    async fn reason_is_news_once_until_it_changes_or_lasts() {
        let outage = Outage::default();
        assert!(!outage.ends());
        assert!(outage.is_news("no password"));
        assert!(!outage.is_news("no password"));
        assert!(outage.is_news("no route"));
        assert!(outage.ends() && !outage.ends());
        // Some attempts fail and some succeed: the log has no line for each.
        assert!(!outage.is_news("no route") && !outage.ends());
        tokio::time::advance(FLAPPING).await;
        assert!(!outage.is_news("no route") && !outage.ends());
        // Another outage of the same reason has its own lines.
        assert!(outage.is_news("no route") && outage.ends());
        assert!(!outage.is_news("no route"));
        tokio::time::advance(REMINDER).await;
        assert!(outage.is_news("no route") && outage.ends());
    }

    #[tokio::test]
    async fn error_of_a_request_names_why_there_is_no_connection() {
        let outage = Outage::default();
        let told = || format!("{:?}", outage.timed_out(4, Duration::from_secs(1)));
        assert!(told().contains("none of the 4 connections to the database was free within 1 s"));
        outage.record(refused("password\nauthentication failed")).unwrap_err();
        assert!(told().contains("password authentication failed"), "{}", told());
        outage.record(Ok(())).unwrap();
        assert!(told().contains("none of the 4"));
    }
}
