//! Signing out.

use doorward_domain::{audit::AuditKind, ports::StorageError, session::SessionEndReason};
use tracing::instrument;

use crate::{Caller, CommonError, Ports, error::common_error, events::audit};

/// Ends the caller's session, which invalidates its refresh token and its access tokens.
#[derive(Debug)]
pub struct Logout {
    ports: Ports,
}

/// Errors returned by [`Logout::run`].
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(LogoutError: StorageError);

impl Logout {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Ends the caller's session. Does nothing if it has already ended.
    ///
    /// # Errors
    /// See [`LogoutError`].
    #[instrument(level = "debug", name = "logout", skip_all)]
    pub async fn run(&self, caller: &Caller) -> Result<(), LogoutError> {
        self.end(caller, SessionEndReason::LoggedOut).await
    }

    /// Ends the caller's session because the same client has signed in again. Concurrent requests of the client that still
    /// have the previous tokens must not make it discard the new ones.
    ///
    /// # Errors
    /// See [`LogoutError`].
    #[instrument(level = "debug", name = "logout_replaced_session", skip_all)]
    pub async fn replaced(&self, caller: &Caller) -> Result<(), LogoutError> {
        self.end(caller, SessionEndReason::Renewed).await
    }

    async fn end(&self, caller: &Caller, reason: SessionEndReason) -> Result<(), LogoutError> {
        let (now, user) = (self.ports.clock.now(), caller.user.id);
        let mut work = self.ports.storage.begin().await?;
        if work.sessions().end(user, caller.session_id, reason, now).await? {
            let kind = AuditKind::LoggedOut;
            let session = Some(caller.session_id);
            let event =
                audit::event(&self.ports, kind, &caller.client, user, caller.org_id(), session);
            work.audit().record(&event).await?;
            work.commit().await?;
            tracing::info!(event = kind.as_str(), user_id = %user, "signed out");
        }
        Ok(())
    }
}
