//! Tidying up.

use doorward_domain::{mail::Allowance, ports::StorageError};
use time::Duration;
use tracing::instrument;

use crate::{Failure, Ports, failure::fails_with};

/// Deletes what nobody needs any more, so that tables stay as large as what is in use.
#[derive(Debug)]
pub struct Sweep {
    ports: Ports,
}

/// Not all was tidied up.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(SweepError: StorageError);

impl Sweep {
    /// How long a session is kept after its end, so that a reused token is still recognised.
    pub const KEEP_SESSIONS: Duration = Duration::days(30);
    /// How long a mail is kept after it was sent.
    pub const KEEP_MAILS: Duration = Duration::days(7);

    /// How long an entry of the audit trail is kept.
    pub const KEEP_EVENTS: Duration = Duration::days(365);
    /// How long a signing key is kept after it was published last, for `keys list` to show.
    pub const KEEP_KEYS: Duration = Duration::days(30);

    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`SweepError`].
    #[instrument(level = "debug", name = "sweep", skip_all)]
    pub async fn run(&self) -> Result<(), SweepError> {
        let now = self.ports.clock.now();
        let mut repositories = self.ports.storage.connect().await?;
        let sessions = repositories.sessions().delete_ended(now - Self::KEEP_SESSIONS).await?;
        let mails = repositories.outbox().delete_sent(now - Self::KEEP_MAILS).await?;
        let allowances = now - Allowance::KEPT;
        repositories.outbox().delete_allowances(allowances).await?;
        let keys = repositories.signing_keys().delete_gone(now - Self::KEEP_KEYS).await?;
        let events = repositories.audit().delete_before(now - Self::KEEP_EVENTS).await?;
        if sessions + mails + keys + events > 0 {
            tracing::info!(sessions, mails, keys, events, "tidied up");
        }
        Ok(())
    }
}
