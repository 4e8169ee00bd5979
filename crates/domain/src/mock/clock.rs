use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime, macros::datetime};

use crate::ports::{Clock, Timer};

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct FrozenClock(Mutex<OffsetDateTime>);

impl FrozenClock {
    /// A clock that stands at this time.
    pub fn at(now: OffsetDateTime) -> Self {
        Self(Mutex::new(now))
    }

    /// Lets time pass.
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

    /// Nobody waits while time stands still.
    fn timer(&self, _length: std::time::Duration) -> Timer {
        Box::pin(std::future::ready(()))
    }
}
