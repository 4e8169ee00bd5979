use std::{fmt::Debug, time::Duration};

/// Why a password was not hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashRejection {
    /// The queue was full.
    QueueFull,
    /// It waited in the queue for too long.
    TimedOut,
}

/// Observes the hashing threads, for metrics.
pub trait HashMetrics: Debug + Send + Sync + 'static {
    /// Called after a hash was computed, with the time that it waited for a thread and the time that it took.
    fn hashed(&self, waited: Duration, took: Duration);

    /// Called when a password is rejected. Not called if its caller was dropped.
    fn rejected(&self, why: HashRejection);
}
