use std::{future::pending, sync::Arc, time::Duration};

use doorward_application::{
    Application,
    mail::deliver::{DeliverMailError, MailServer},
};
use doorward_domain::mail::{MailLane, retry};
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::{Instant, sleep_until},
};

/// How often the outbox is polled when it was empty.
const POLL: Duration = Duration::from_secs(1);
/// How long to wait after the database was unavailable.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Delivers the messages of one lane, several at a time, so that a slow delivery doesn't block the others while a
/// slot is free.
pub(super) struct Deliveries {
    application: Arc<Application>,
    lane: MailLane,
    stopped: watch::Receiver<bool>,
    running: JoinSet<Result<MailServer, DeliverMailError>>,
    /// When the outbox is polled next.
    next: Instant,
}

/// Returns the maximum number of concurrent deliveries. Mail servers allow few connections per client; three is the
/// lowest common limit.
const fn places(lane: MailLane) -> usize {
    match lane {
        MailLane::Account => 2,
        MailLane::Bulk => 1,
    }
}

impl Deliveries {
    pub(super) fn new(
        application: Arc<Application>,
        lane: MailLane,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        Self { application, lane, stopped, running: JoinSet::new(), next: Instant::now() }
    }

    /// Delivers messages until the server stops, then completes the deliveries in progress.
    pub(super) async fn run(mut self) {
        while !*self.stopped.borrow() {
            let free = places(self.lane) - self.running.len();
            if free > 0 && self.next <= Instant::now() {
                self.take(free).await;
            }
            self.wait().await;
        }
        while let Some(done) = self.running.join_next().await {
            self.is_done(done);
        }
    }

    /// Starts to deliver as many messages as there are free places.
    async fn take(&mut self, free: usize) {
        let limit = free.try_into().unwrap_or(1);
        match self.application.mail.deliver.take(self.lane, limit).await {
            Ok(due) => {
                if due.len() < free {
                    self.pause(POLL);
                }
                for entry in due {
                    let application = self.application.clone();
                    let handle = async move { application.mail.deliver.handle(entry).await };
                    self.running.spawn(handle);
                }
            }
            Err(error) => {
                tracing::warn!(%error, lane = self.lane.as_str(), "processing the outbox failed");
                self.pause(AFTER_FAILURE);
            }
        }
    }

    /// Waits until a delivery completes, or until the next poll if there is a free place.
    async fn wait(&mut self) {
        let (is_full, next) = (self.running.len() >= places(self.lane), self.next);
        let poll = async { if is_full { pending().await } else { sleep_until(next).await } };
        tokio::select! {
            Some(done) = self.running.join_next() => self.is_done(done),
            () = poll => {}
            _ = self.stopped.changed() => {}
        }
    }

    fn is_done(&mut self, done: Result<Result<MailServer, DeliverMailError>, JoinError>) {
        match done {
            // There may be more messages.
            Ok(Ok(MailServer::Available)) => {}
            Ok(Ok(MailServer::Unavailable)) => self.pause(retry::AWAY.unsigned_abs()),
            // The cause has been logged.
            Ok(Err(_)) => self.pause(AFTER_FAILURE),
            Err(error) => tracing::error!(%error, "delivering a message failed"),
        }
    }

    /// Pauses polling. The outcome of other deliveries does not shorten the pause.
    fn pause(&mut self, length: Duration) {
        self.next = self.next.max(Instant::now() + length);
    }
}
