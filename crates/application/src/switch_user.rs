//! Switching an account off, and on again.

use doorward_domain::{
    UserId,
    audit::AuditKind,
    ports::{StorageError, UnitOfWork},
    session::SessionEnd,
};
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with};

/// Switches accounts off and on: for operators, who are asked nothing here.
#[derive(Debug)]
pub struct SwitchUser {
    ports: Ports,
}

/// What became of an account that was to be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchedOff {
    /// It has been off before.
    Before,
    /// It is off from now on, and so many sessions have ended.
    Now {
        /// How many.
        sessions_ended: usize,
    },
}

/// The account is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SwitchUserError {
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(SwitchUserError: StorageError);

impl SwitchUser {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Switches an account off, and ends its sessions.
    ///
    /// # Errors
    /// See [`SwitchUserError`].
    #[instrument(level = "debug", name = "switch user off", skip_all)]
    pub async fn off(&self, id: UserId) -> Result<SwitchedOff, SwitchUserError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        let user = work.users().find(id).await?.ok_or(SwitchUserError::NotFound)?;
        if !user.is_active() {
            return Ok(SwitchedOff::Before);
        }
        // First, so that a sign-in at this moment is refused, or opens a session that the next line ends.
        work.users().set_disabled(id, Some(now)).await?;
        let sessions_ended = work.sessions().end_all(id, None, SessionEnd::Revoked, now).await?;
        self.record(work, id, AuditKind::AccountDisabled).await?;
        Ok(SwitchedOff::Now { sessions_ended })
    }

    /// Switches an account on again, and says whether it was off.
    ///
    /// # Errors
    /// See [`SwitchUserError`].
    #[instrument(level = "debug", name = "switch user on", skip_all)]
    pub async fn on(&self, id: UserId) -> Result<bool, SwitchUserError> {
        let mut work = self.ports.storage.begin().await?;
        let user = work.users().find(id).await?.ok_or(SwitchUserError::NotFound)?;
        if user.is_active() {
            return Ok(false);
        }
        work.users().set_disabled(id, None).await?;
        self.record(work, id, AuditKind::AccountEnabled).await?;
        Ok(true)
    }

    async fn record(
        &self,
        mut work: Box<dyn UnitOfWork>,
        id: UserId,
        kind: AuditKind,
    ) -> Result<(), StorageError> {
        work.audit().record(&audit::by_an_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, "account switched");
        Ok(())
    }
}
