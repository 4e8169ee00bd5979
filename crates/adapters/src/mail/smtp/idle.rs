use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::{sleep, timeout};

/// So long a connection is kept for the next mail.
const KEPT: Duration = Duration::from_secs(20);
/// So many are kept. A worker sends one mail after the other.
const PLACES: usize = 2;
/// How long a server may take to say that it is still there, or goodbye.
const A_WORD: Duration = Duration::from_secs(1);

/// Connections on which the last mail was taken, for the next one.
///
/// Only those: a conversation that broke off, or was given up on, may have an answer on its way
/// that would be taken for the answer to something else.
#[derive(Clone, Default)]
pub(super) struct Idle(Arc<Mutex<Vec<(Instant, AsyncSmtpConnection)>>>);

impl Idle {
    /// One that is still good, if there is one.
    pub(super) async fn take(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (_, mut connection) = self.lock().pop()?;
            if let Ok(true) = timeout(A_WORD, connection.test_connected()).await {
                return Some(connection);
            }
        }
    }

    pub(super) fn put(&self, connection: AsyncSmtpConnection) {
        let mut kept = self.lock();
        if kept.len() >= PLACES {
            end(connection);
            return;
        }
        kept.push((Instant::now(), connection));
        drop(kept);
        let own = self.clone();
        tokio::spawn(async move {
            sleep(KEPT).await;
            own.end_old();
        });
    }

    fn end_old(&self) {
        let mut kept = self.lock();
        while kept.first().is_some_and(|(since, _)| since.elapsed() >= KEPT) {
            end(kept.remove(0).1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Instant, AsyncSmtpConnection)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says goodbye, which nobody waits for.
pub(super) fn end(mut connection: AsyncSmtpConnection) {
    tokio::spawn(async move {
        let _ = timeout(A_WORD, connection.abort()).await;
    });
}
