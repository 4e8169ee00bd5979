use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::{sleep, timeout};

/// How long a connection is kept for the next message.
const KEPT: Duration = Duration::from_secs(20);
/// The maximum number of idle connections. A worker sends one message at a time.
const PLACES: usize = 2;
/// The time limit of a server's response to a liveness check or `QUIT`.
const A_WORD: Duration = Duration::from_secs(1);

/// Idle connections for the next message.
///
/// It contains only connections on which the last message was accepted: after a failed or canceled conversation, a late
/// response would be mistaken for the response to the next command.
#[derive(Clone, Default)]
pub(super) struct Idle(Arc<Mutex<Vec<(Instant, AsyncSmtpConnection)>>>);

impl Idle {
    /// Returns a connection that is still alive, if there is one.
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

/// Ends a connection with `QUIT`, without waiting for the response.
pub(super) fn end(mut connection: AsyncSmtpConnection) {
    tokio::spawn(async move {
        let _ = timeout(A_WORD, connection.abort()).await;
    });
}
