//! Revoking the caller's own sessions.

use doorward_domain::{
    SessionId,
    audit::AuditKind,
    ports::{Limit, RetryAfter, StorageError, UnitOfWork},
    session::SessionEndReason,
};
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::{self, Forbidden},
    error::common_error,
    events::audit,
    sessions::renew::{Renewed, fails_renewal, renew},
};

/// Ends one of the caller's sessions, or all except the current one.
#[derive(Debug)]
pub struct RevokeOwnSessions {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`RevokeOwnSessions::one`], [`RevokeOwnSessions::all_others`], and
/// [`RevokeOwnSessions::all_others_renewing`].
#[derive(Debug, thiserror::Error)]
pub enum RevokeOwnSessionsError {
    /// The caller has no such session.
    #[error("the caller has no such session")]
    NotFound,
    /// [`Forbidden::EMAIL_UNVERIFIED`], if the settings require a verified email address and the caller's is not verified.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The caller's session ended after the request was authenticated, so it can't be renewed.
    #[error("the session has ended")]
    SessionEnded,
    /// The account renewed sessions too often.
    #[error(transparent)]
    TooManyRequests(#[from] RetryAfter),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(RevokeOwnSessionsError: StorageError);
fails_renewal!(RevokeOwnSessionsError);

impl RevokeOwnSessions {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Ends one of the caller's sessions, which may be the current one. Succeeds if the session has already ended.
    ///
    /// # Errors
    /// See [`RevokeOwnSessionsError`].
    #[instrument(level = "debug", name = "revoke_own_session", skip_all)]
    pub async fn one(
        &self,
        caller: &Caller,
        session_id: &str,
    ) -> Result<(), RevokeOwnSessionsError> {
        denied::require_verified_email(caller, &self.settings)?;
        let id: SessionId = session_id.parse().map_err(|_| RevokeOwnSessionsError::NotFound)?;
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        if work.sessions().end(caller.user.id, id, SessionEndReason::Revoked, now).await? {
            return Ok(self.record(work, caller, AuditKind::SessionRevoked, Some(id)).await?);
        }
        match work.sessions().find_with_user(id, None).await? {
            Some(session_context) if session_context.user.id == caller.user.id => Ok(()),
            Some(_) | None => Err(RevokeOwnSessionsError::NotFound),
        }
    }

    /// Ends all of the caller's sessions except the current one.
    ///
    /// # Errors
    /// See [`RevokeOwnSessionsError`].
    #[instrument(level = "debug", name = "revoke_other_sessions", skip_all)]
    pub async fn all_others(&self, caller: &Caller) -> Result<(), RevokeOwnSessionsError> {
        denied::require_verified_email(caller, &self.settings)?;
        let now = self.ports.clock.now();
        let (user, own) = (caller.user.id, Some(caller.session_id));
        let mut work = self.ports.storage.begin().await?;
        if work.sessions().end_all(user, own, SessionEndReason::Revoked, now).await? > 0 {
            self.record(work, caller, AuditKind::OtherSessionsRevoked, own).await?;
        }
        Ok(())
    }

    /// As [`RevokeOwnSessions::all_others`], for a client that accepts new tokens. The current session is replaced by a
    /// new one, so that copies of the client's tokens are no longer valid.
    ///
    /// # Errors
    /// See [`RevokeOwnSessionsError`].
    #[instrument(level = "debug", name = "revoke_other_sessions_and_renew", skip_all)]
    pub async fn all_others_renewing(
        &self,
        caller: &Caller,
    ) -> Result<Renewed, RevokeOwnSessionsError> {
        denied::require_verified_email(caller, &self.settings)?;
        // Each renewal stores a session, which has a rate limit of its own.
        let renewals = format!("renewals:{}", caller.user.id);
        self.ports.limiter.take(Limit::RecognizedHashes, &renewals).await?;
        let how = (SessionEndReason::Revoked, self.ports.clock.now());
        let mut work = self.ports.storage.begin().await?;
        let (session, renewed, _) =
            renew(&self.ports, &self.settings, caller, work.as_mut(), how).await?;
        // No password was verified, so the new session gets neither a longer lifetime nor new password attempts.
        work.sessions().inherit(session.id, caller.session_id).await?;
        self.record(work, caller, AuditKind::OtherSessionsRevoked, Some(session.id)).await?;
        Ok(renewed)
    }

    async fn record(
        &self,
        mut work: Box<dyn UnitOfWork>,
        caller: &Caller,
        kind: AuditKind,
        session_id: Option<SessionId>,
    ) -> Result<(), StorageError> {
        let user = caller.user.id;
        let event =
            audit::event(&self.ports, kind, &caller.client, user, caller.org_id(), session_id);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user, "sessions ended");
        Ok(())
    }
}
