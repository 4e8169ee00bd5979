use std::{pin::Pin, time::Duration};

use time::OffsetDateTime;

/// Provides the current time and timers.
///
/// An implementation MUST return times in UTC, truncated to microseconds. Databases store no finer unit, and
/// a time read from the database has to equal the time that was written.
pub trait Clock: Send + Sync {
    /// Returns the current time.
    fn now(&self) -> OffsetDateTime;

    /// Returns a future that completes `length` after this call, regardless of when it is first polled. Use
    /// it to pad work to a constant duration.
    fn timer(&self, length: Duration) -> Timer;
}

/// The future returned by [`Clock::timer`].
pub type Timer = Pin<Box<dyn Future<Output = ()> + Send>>;
