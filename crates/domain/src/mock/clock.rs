use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime, macros::datetime};

use crate::ports::{Clock, Timer};

/// A clock that moves only when a test advances it.
///
/// ```
/// use doorward_domain::{mock::FrozenClock, ports::Clock};
/// use time::Duration;
///
/// let clock = FrozenClock::default();
/// let start = clock.now();
/// clock.advance(Duration::HOUR);
/// assert_eq!(clock.now(), start + Duration::HOUR);
/// ```
#[derive(Debug)]
pub struct FrozenClock(Mutex<OffsetDateTime>);

impl FrozenClock {
    /// Creates a clock with this time.
    pub fn at(now: OffsetDateTime) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Default for FrozenClock {
    fn default() -> Self {
        Self::at(datetime!(2026-01-01 12:00 UTC))
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a future that is ready immediately, because a frozen clock would never reach the end.
    fn timer(&self, _length: std::time::Duration) -> Timer {
        Box::pin(std::future::ready(()))
    }
}
