//! Signing somebody else out.

use doorward_domain::{
    SessionId, UserId, audit::AuditKind, ports::StorageError, session::SessionEnd,
};
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with};

/// Ends a person's sessions: for operators, who are asked nothing here.
#[derive(Debug)]
pub struct RevokeSessions {
    ports: Ports,
}

/// No session was ended.
#[derive(Debug, thiserror::Error)]
pub enum RevokeSessionsError {
    /// The person has no such session, or it has ended before.
    #[error("the person has no such session, or it has ended already")]
    NotFound,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(RevokeSessionsError: StorageError);

impl RevokeSessions {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Ends one of a person's sessions.
    ///
    /// # Errors
    /// See [`RevokeSessionsError`].
    #[instrument(level = "debug", name = "revoke sessions one", skip_all)]
    pub async fn one(&self, user_id: UserId, id: SessionId) -> Result<(), RevokeSessionsError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        if !work.sessions().end(user_id, id, SessionEnd::Revoked, now).await? {
            return Err(RevokeSessionsError::NotFound);
        }
        let kind = AuditKind::SessionRevoked;
        let mut event = audit::by_an_operator(&self.ports, kind, user_id);
        event.session_id = Some(id);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), %user_id, session_id = %id, "session ended");
        Ok(())
    }

    /// Ends all of a person's sessions, and says how many it were.
    ///
    /// # Errors
    /// See [`RevokeSessionsError`].
    #[instrument(level = "debug", name = "revoke sessions all", skip_all)]
    pub async fn all(&self, user_id: UserId) -> Result<usize, RevokeSessionsError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        let ended = work.sessions().end_all(user_id, None, SessionEnd::Revoked, now).await?;
        if ended > 0 {
            let kind = AuditKind::AllSessionsRevoked;
            work.audit().record(&audit::by_an_operator(&self.ports, kind, user_id)).await?;
            work.commit().await?;
            tracing::info!(event = kind.as_str(), %user_id, sessions_ended = ended, "sessions ended");
        }
        Ok(ended)
    }
}
