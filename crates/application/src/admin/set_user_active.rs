//! Disabling and enabling accounts, for operators.

use doorward_domain::{
    UserId,
    audit::AuditKind,
    ports::{StorageError, UnitOfWork},
    session::SessionEndReason,
};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error, events::audit};

/// Disables and enables accounts. Performs no authorization; call only on behalf of a trusted operator.
#[derive(Debug)]
pub struct SetUserActive {
    ports: Ports,
}

/// The result of disabling an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisableOutcome {
    /// The account was already disabled.
    Before,
    /// The account is disabled now, and its sessions were ended.
    Now {
        /// The number of sessions ended.
        sessions_ended: usize,
    },
}

/// Errors returned by [`SetUserActive::disable`] and [`SetUserActive::enable`].
#[derive(Debug, thiserror::Error)]
pub enum SetUserActiveError {
    /// The account doesn't exist.
    #[error("the account does not exist")]
    NotFound,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(SetUserActiveError: StorageError);

impl SetUserActive {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Disables an account and ends its sessions.
    ///
    /// # Errors
    /// See [`SetUserActiveError`].
    #[instrument(level = "debug", name = "disable_user", skip_all)]
    pub async fn disable(&self, id: UserId) -> Result<DisableOutcome, SetUserActiveError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        let user = work.users().find(id).await?.ok_or(SetUserActiveError::NotFound)?;
        if !user.is_active() {
            return Ok(DisableOutcome::Before);
        }
        // Disabled first, so that a concurrent sign-in is rejected, or opens a session that the next line ends.
        work.users().set_disabled(id, Some(now)).await?;
        let sessions_ended =
            work.sessions().end_all(id, None, SessionEndReason::Revoked, now).await?;
        self.record(work, id, AuditKind::AccountDisabled).await?;
        Ok(DisableOutcome::Now { sessions_ended })
    }

    /// Enables an account. Returns `true` if it was disabled.
    ///
    /// # Errors
    /// See [`SetUserActiveError`].
    #[instrument(level = "debug", name = "enable_user", skip_all)]
    pub async fn enable(&self, id: UserId) -> Result<bool, SetUserActiveError> {
        let mut work = self.ports.storage.begin().await?;
        let user = work.users().find(id).await?.ok_or(SetUserActiveError::NotFound)?;
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
        work.audit().record(&audit::by_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, "account status changed");
        Ok(())
    }
}
