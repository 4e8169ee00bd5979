//! Whether anybody still waits for a password's hash.

use std::future::{Future, pending};

use tokio::sync::watch;

tokio::task_local! {
    static GONE: Gone;
}

/// Held by whoever waits for an outcome, for as long as they wait.
#[derive(Debug)]
pub struct Waiting {
    _held: watch::Sender<()>,
}

/// Knows when the [`Waiting`] that it was made with is dropped.
#[derive(Debug, Clone)]
pub struct Gone(watch::Receiver<()>);

impl Waiting {
    /// One for whoever waits, and one for the work that they wait for.
    pub fn begin() -> (Self, Gone) {
        let (held, gone) = watch::channel(());
        (Self { _held: held }, Gone(gone))
    }
}

impl Gone {
    /// Lets passwords of this work leave the queue once nobody waits for it. The work itself goes on, and
    /// hears that the hasher is busy.
    pub async fn ends_queueing<F: Future>(self, work: F) -> F::Output {
        GONE.scope(self, work).await
    }
}

/// Comes to its end when nobody waits for this task's work any more.
pub(super) async fn nobody_waits() {
    match GONE.try_with(Clone::clone) {
        // Nothing is ever sent: what changes is that the sender is dropped.
        Ok(mut gone) => while gone.0.changed().await.is_ok() {},
        Err(_) => pending().await,
    }
}
