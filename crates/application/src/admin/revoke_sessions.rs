//! Revoking the sessions of a user, for operators.

use doorward_domain::{
    SessionId, UserId, audit::AuditKind, ports::StorageError, session::SessionEndReason,
};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error, events::audit};

/// Revokes a user's sessions. Performs no authorization; call only on behalf of a trusted operator.
#[derive(Debug)]
pub struct AdminRevokeSessions {
    ports: Ports,
}

/// Errors returned by [`AdminRevokeSessions::one`] and [`AdminRevokeSessions::all`].
#[derive(Debug, thiserror::Error)]
pub enum AdminRevokeSessionsError {
    /// The user has no such session, or it has already ended.
    #[error("the user has no such session, or it has already ended")]
    NotFound,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(AdminRevokeSessionsError: StorageError);

impl AdminRevokeSessions {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Revokes one of a user's sessions.
    ///
    /// # Errors
    /// See [`AdminRevokeSessionsError`].
    #[instrument(level = "debug", name = "admin_revoke_session", skip_all)]
    pub async fn one(
        &self,
        user_id: UserId,
        id: SessionId,
    ) -> Result<(), AdminRevokeSessionsError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        if !work.sessions().end(user_id, id, SessionEndReason::Revoked, now).await? {
            return Err(AdminRevokeSessionsError::NotFound);
        }
        let kind = AuditKind::SessionRevoked;
        let mut event = audit::by_operator(&self.ports, kind, user_id);
        event.session_id = Some(id);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), %user_id, session_id = %id, "session revoked");
        Ok(())
    }

    /// Revokes all of a user's sessions. Returns the number of sessions revoked.
    ///
    /// # Errors
    /// See [`AdminRevokeSessionsError`].
    #[instrument(level = "debug", name = "admin_revoke_all_sessions", skip_all)]
    pub async fn all(&self, user_id: UserId) -> Result<usize, AdminRevokeSessionsError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        let ended = work.sessions().end_all(user_id, None, SessionEndReason::Revoked, now).await?;
        if ended > 0 {
            let kind = AuditKind::AllSessionsRevoked;
            work.audit().record(&audit::by_operator(&self.ports, kind, user_id)).await?;
            work.commit().await?;
            tracing::info!(event = kind.as_str(), %user_id, sessions_ended = ended, "sessions revoked");
        }
        Ok(ended)
    }
}
