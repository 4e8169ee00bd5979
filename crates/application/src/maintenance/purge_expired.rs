//! Purging expired data.

use doorward_domain::{mail::Allowance, ports::StorageError};
use time::Duration;
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error};

/// Deletes rows that are no longer needed, so that the tables don't grow without bound. Performs no authorization.
#[derive(Debug)]
pub struct PurgeExpired {
    ports: Ports,
}

/// Errors returned by [`PurgeExpired::run`]. Some rows might not have been deleted.
#[derive(Debug, thiserror::Error)]
pub enum PurgeExpiredError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(PurgeExpiredError: StorageError);

/// Repeats a deletion until fewer rows than a batch were left. Returns the number of all rows deleted.
macro_rules! in_batches {
    ($delete:expr) => {{
        let mut rows = 0;
        loop {
            let deleted = $delete.await?;
            rows += deleted;
            if u32::try_from(deleted).is_ok_and(|deleted| deleted < PurgeExpired::BATCH) {
                break rows;
            }
        }
    }};
}

impl PurgeExpired {
    /// The time for which a session is kept after its end, so that token reuse is still detected.
    pub const KEEP_SESSIONS: Duration = Duration::days(30);
    /// The time for which a message is kept after it was sent.
    pub const KEEP_MAILS: Duration = Duration::days(7);

    /// The time for which an audit event is kept.
    pub const KEEP_EVENTS: Duration = Duration::days(365);
    /// The time for which a signing key is kept after it expired, so that `keys list` still shows it.
    pub const KEEP_KEYS: Duration = Duration::days(30);

    /// The maximum number of rows that one statement deletes, so that it delays no other statement for long.
    pub const BATCH: u32 = 5_000;

    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Deletes the rows.
    ///
    /// # Errors
    /// See [`PurgeExpiredError`].
    #[instrument(level = "debug", name = "purge_expired", skip_all)]
    pub async fn run(&self) -> Result<(), PurgeExpiredError> {
        let now = self.ports.clock.now();
        let mut repositories = self.ports.storage.connect().await?;
        let before = now - Self::KEEP_SESSIONS;
        let sessions =
            in_batches!(repositories.sessions().delete_ended(before, PurgeExpired::BATCH));
        let before = now - Self::KEEP_MAILS;
        let mails = in_batches!(repositories.outbox().delete_sent(before, PurgeExpired::BATCH));
        let before = now - Allowance::KEPT;
        in_batches!(repositories.outbox().delete_allowances(before, PurgeExpired::BATCH));
        let before = now - Self::KEEP_EVENTS;
        let events = in_batches!(repositories.audit().delete_before(before, PurgeExpired::BATCH));
        let keys = repositories.signing_keys().delete_expired(now - Self::KEEP_KEYS).await?;
        if sessions + mails + keys + events > 0 {
            tracing::info!(sessions, mails, keys, events, "expired data deleted");
        }
        Ok(())
    }
}
