use std::{future::pending, sync::Arc, time::Duration};

use doorward_application::{
    Application,
    deliver_mail::{DeliverMailError, MailServer},
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

/// The messages of one lane that are being delivered, several at a time: one that takes long holds up no other, until
/// all places are taken.
pub(super) struct Deliveries {
    application: Arc<Application>,
    lane: MailLane,
    stopped: watch::Receiver<bool>,
    running: JoinSet<Result<MailServer, DeliverMailError>>,
    /// When the outbox is polled next.
    next: Instant,
}

/// How many messages are delivered at a time. Mail servers allow one client few connections: three are the fewest that
/// are common.
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

    /// Delivers until the server stops, and completes what was begun.
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

    /// Begins to deliver as many messages as there are places.
    async fn take(&mut self, free: usize) {
        let limit = free.try_into().unwrap_or(1);
        match self.application.deliver_mail.take(self.lane, limit).await {
            Ok(due) => {
                if due.len() < free {
                    self.pause(POLL);
                }
                for entry in due {
                    let application = self.application.clone();
                    let handle = async move { application.deliver_mail.handle(entry).await };
                    self.running.spawn(handle);
                }
            }
            Err(error) => {
                tracing::warn!(%error, lane = self.lane.as_str(), "the outbox could not be worked on");
                self.pause(AFTER_FAILURE);
            }
        }
    }

    /// Waits for a delivery to end, or to poll again where there is a place.
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
            // There may be more.
            Ok(Ok(MailServer::Available)) => {}
            Ok(Ok(MailServer::Unavailable)) => self.pause(retry::AWAY.unsigned_abs()),
            // The log has been told why.
            Ok(Err(_)) => self.pause(AFTER_FAILURE),
            Err(error) => tracing::error!(%error, "delivering a message failed"),
        }
    }

    /// Lets the outbox be for a while. What other deliveries come to does not shorten it.
    fn pause(&mut self, length: Duration) {
        self.next = self.next.max(Instant::now() + length);
    }
}
