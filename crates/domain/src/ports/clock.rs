use std::{pin::Pin, time::Duration};

use time::OffsetDateTime;

/// The time of day.
///
/// An implementation MUST answer in UTC, cut to microseconds: the databases keep no more, and a
/// time that comes back from one has to equal the time that went in.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> OffsetDateTime;

    /// Comes to its end this long after it was made, whenever it is first waited for: a stretch of work
    /// that is followed by it takes the same time, whatever was done in it.
    fn timer(&self, length: Duration) -> Timer;
}

/// See [`Clock::timer`].
pub type Timer = Pin<Box<dyn Future<Output = ()> + Send>>;
