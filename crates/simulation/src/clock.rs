//! Time that passes only as the scheduler allows, and a wall clock that can be set.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
    time::Duration as StdDuration,
};

use doorward_domain::ports::{Clock, Timer};
use time::{Duration, OffsetDateTime, macros::datetime};

const START: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

/// The clock of a run. Timers depend on the time that has passed, not on the wall clock.
#[derive(Debug, Clone, Default)]
pub struct VirtualClock(Arc<Mutex<Time>>);

#[derive(Debug, Default)]
struct Time {
    /// The time since the start.
    passed: Duration,
    /// The sum of all changes of the wall clock.
    set_by: Duration,
    /// How far the wall clock has moved forward, because time passed or because it was set.
    forward: Duration,
    timers: BTreeMap<(Duration, u64), Option<Waker>>,
    made: u64,
}

impl VirtualClock {
    fn time(&self) -> MutexGuard<'_, Time> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Advances the time.
    pub fn pass(&self, by: Duration) {
        let mut time = self.time();
        time.passed += by;
        time.forward += by;
        let passed = time.passed;
        for (_, waker) in time.timers.range_mut(..=(passed, u64::MAX)) {
            if let Some(waker) = waker.take() {
                waker.wake();
            }
        }
    }

    /// Advances the time to the end of the next timer. Returns `true` if a task waits for one.
    pub fn pass_to_next_timer(&self) -> bool {
        let time = self.time();
        let waits = time.timers.iter().find(|(_, waker)| waker.is_some());
        let Some(((end, _), _)) = waits else { return false };
        let by = (*end - time.passed).max(Duration::ZERO);
        drop(time);
        self.pass(by);
        true
    }

    /// Changes the wall clock by this amount.
    pub fn set(&self, by: Duration) {
        let mut time = self.time();
        time.set_by += by;
        time.forward += by.max(Duration::ZERO);
    }

    /// Returns how far the wall clock has moved forward since the start, ignoring how far it was set back.
    pub fn forward(&self) -> Duration {
        self.time().forward
    }

    /// Waits for this time.
    pub async fn sleep(&self, length: Duration) {
        self.timer(length.unsigned_abs()).await;
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> OffsetDateTime {
        let time = self.time();
        START + time.passed + time.set_by
    }

    fn timer(&self, length: StdDuration) -> Timer {
        let mut time = self.time();
        time.made += 1;
        let key = (time.passed + length, time.made);
        drop(time);
        let clock = self.clone();
        Box::pin(poll_fn(move |context| {
            let mut time = clock.time();
            if time.passed >= key.0 {
                time.timers.remove(&key);
                return Poll::Ready(());
            }
            time.timers.insert(key, Some(context.waker().clone()));
            Poll::Pending
        }))
    }
}
