//! Cancels queued password hashes whose caller no longer waits.

use std::future::{Future, pending};

use tokio::sync::watch;

tokio::task_local! {
    static GONE: CallerGone;
}

/// Held by the caller for as long as it waits for an outcome.
#[derive(Debug)]
pub struct CallerGuard {
    _held: watch::Sender<()>,
}

/// Notified when the [`CallerGuard`] that it was created with is dropped.
#[derive(Debug, Clone)]
pub struct CallerGone(watch::Receiver<()>);

impl CallerGuard {
    /// Creates a guard for the caller, and its counterpart for the work.
    pub fn new_pair() -> (Self, CallerGone) {
        let (held, gone) = watch::channel(());
        (Self { _held: held }, CallerGone(gone))
    }
}

impl CallerGone {
    /// Removes the passwords of this work from the queue when its caller is dropped. The work itself continues,
    /// and gets the error of a full queue.
    pub async fn cancel_queued_on_drop<F: Future>(self, work: F) -> F::Output {
        GONE.scope(self, work).await
    }
}

/// Completes when the caller of this task's work is dropped.
pub(super) async fn caller_dropped() {
    match GONE.try_with(Clone::clone) {
        // No value is ever sent: the change is that the sender is dropped.
        Ok(mut gone) => while gone.0.changed().await.is_ok() {},
        Err(_) => pending().await,
    }
}
