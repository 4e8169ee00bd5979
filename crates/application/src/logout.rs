//! Signing out.

use doorward_domain::{audit::AuditKind, ports::StorageError, session::SessionEnd};
use tracing::instrument;

use crate::{Caller, Failure, Ports, audit, failure::fails_with};

/// Ends the caller's session, and with it its refresh token and its access tokens.
#[derive(Debug)]
pub struct Logout {
    ports: Ports,
}

/// The session was not ended.
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(LogoutError: StorageError);

impl Logout {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`LogoutError`].
    #[instrument(level = "debug", name = "logout", skip_all)]
    pub async fn run(&self, caller: &Caller) -> Result<(), LogoutError> {
        let (now, user) = (self.ports.clock.now(), caller.user.id);
        let mut work = self.ports.storage.begin().await?;
        if work.sessions().end(user, caller.session_id, SessionEnd::LoggedOut, now).await? {
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
