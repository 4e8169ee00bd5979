//! Checks whether the server is ready, and caches the outcome for concurrent and frequent probes.

use std::time::Duration;

use doorward_domain::{error::chain, ports::NotReady};
use time::OffsetDateTime;
use tokio::sync::Mutex;

use crate::http::error::EverySecond;

/// Failed checks. Logging is limited, because any client can probe as often as it likes.
static NOT_READY: EverySecond = EverySecond::new();

/// The outcome of the last check.
#[derive(Debug)]
pub(crate) struct Readiness {
    /// How long the outcome is cached.
    lifetime: Duration,
    last: Mutex<Option<(OffsetDateTime, Outcome)>>,
}

/// The reason if the database is not ready.
type Outcome = Result<(), &'static str>;

impl Readiness {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime, last: Mutex::default() }
    }

    /// Returns the cached outcome, or checks again. Concurrent callers wait for the same check.
    pub(crate) async fn check<F>(
        &self,
        now: impl Fn() -> OffsetDateTime,
        database: impl FnOnce() -> F,
    ) -> Outcome
    where
        F: Future<Output = Result<(), NotReady>>,
    {
        let mut last = self.last.lock().await;
        if let Some((at, outcome)) = *last
            // A clock that was set back must not extend the cache lifetime.
            && (at..at + self.lifetime).contains(&now())
        {
            return outcome;
        }
        let outcome = database().await.map_err(|problem| {
            if let Some(requests) = NOT_READY.count(now()) {
                tracing::warn!(requests, error = %chain(&problem), "not ready");
            }
            reason(&problem)
        });
        *last = Some((now(), outcome));
        outcome
    }
}

fn reason(problem: &NotReady) -> &'static str {
    match problem {
        NotReady::Unavailable(_) => "the database is unavailable",
        NotReady::ReadOnly(_) => "the database can't be written to",
        NotReady::Schema(_) => "the schema of the database is missing or too old",
        NotReady::Privileges(_) => {
            "the database does not grant the privileges that the server needs"
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn readiness_check_is_cached_for_a_second_and_then_repeated() {
        let readiness = Readiness::new(Duration::from_secs(1));
        let (seconds, asked) = (Cell::new(5_u64), Cell::new(0));
        let now = || OffsetDateTime::UNIX_EPOCH + Duration::from_secs(seconds.get());
        // The third check is after the clock was set back.
        for (second, is_ready) in [(5, true), (6, false), (3, true)] {
            seconds.set(second);
            let before = asked.get();
            for _ in 0..10 {
                let database = || {
                    asked.set(asked.get() + 1);
                    std::future::ready(
                        is_ready.then_some(()).ok_or(NotReady::ReadOnly("standby".into())),
                    )
                };
                let found = readiness.check(now, database).await;
                assert_eq!(found.is_ok(), is_ready);
            }
            assert_eq!(asked.get(), before + 1);
        }
    }

    #[tokio::test]
    async fn concurrent_readiness_checks_share_one_query() {
        let readiness = Readiness::new(Duration::from_secs(1));
        let asked = Cell::new(0);
        let check = || {
            readiness.check(
                || OffsetDateTime::UNIX_EPOCH,
                async || {
                    asked.set(asked.get() + 1);
                    tokio::task::yield_now().await;
                    Ok(())
                },
            )
        };
        let all = futures::future::join_all((0..100).map(|_| check())).await;
        assert!(all.iter().all(Result::is_ok) && asked.get() == 1);
    }
}
