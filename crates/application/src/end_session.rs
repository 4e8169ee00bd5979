//! Signing out elsewhere.

use doorward_domain::{
    SessionId,
    audit::AuditKind,
    ports::{StorageError, UnitOfWork},
    session::SessionEnd,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings, audit,
    authorize::{self, Forbidden},
    failure::fails_with,
    renew::{Renewed, fails_renewal, renew},
};

/// Ends one of the caller's sessions, or all but the one that asks.
#[derive(Debug)]
pub struct EndSession {
    ports: Ports,
    settings: Settings,
}

/// The session was not ended.
#[derive(Debug, thiserror::Error)]
pub enum EndSessionError {
    /// The caller has no such session.
    #[error("the caller has no such session")]
    NotFound,
    /// [`Forbidden::EMAIL_UNVERIFIED`], where that is required.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The caller's session was ended since it was authenticated, and is not renewed.
    #[error("the session has ended")]
    SessionEnded,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(EndSessionError: StorageError);
fails_renewal!(EndSessionError);

impl EndSession {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Ends one of the caller's sessions, which may be the one that asks. One that has ended before
    /// is fine.
    ///
    /// # Errors
    /// See [`EndSessionError`].
    #[instrument(level = "debug", name = "end session one", skip_all)]
    pub async fn one(&self, caller: &Caller, session_id: &str) -> Result<(), EndSessionError> {
        authorize::verified(caller, &self.settings)?;
        let id: SessionId = session_id.parse().map_err(|_| EndSessionError::NotFound)?;
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        if work.sessions().end(caller.user.id, id, SessionEnd::Revoked, now).await? {
            return Ok(self.record(work, caller, AuditKind::SessionRevoked, Some(id)).await?);
        }
        match work.sessions().standing(id, None).await? {
            Some(standing) if standing.user.id == caller.user.id => Ok(()),
            Some(_) | None => Err(EndSessionError::NotFound),
        }
    }

    /// Ends all of the caller's sessions but the one that asks.
    ///
    /// # Errors
    /// See [`EndSessionError`].
    #[instrument(level = "debug", name = "end session all others", skip_all)]
    pub async fn all_others(&self, caller: &Caller) -> Result<(), EndSessionError> {
        authorize::verified(caller, &self.settings)?;
        let now = self.ports.clock.now();
        let (user, own) = (caller.user.id, Some(caller.session_id));
        let mut work = self.ports.storage.begin().await?;
        if work.sessions().end_all(user, own, SessionEnd::Revoked, now).await? > 0 {
            self.record(work, caller, AuditKind::OtherSessionsRevoked, own).await?;
        }
        Ok(())
    }

    /// As [`EndSession::all_others`], for a client that takes new tokens: the caller's session ends as well, and a new
    /// one is opened in its place, so that copies of the client's tokens open nothing from then on.
    ///
    /// # Errors
    /// See [`EndSessionError`].
    #[instrument(level = "debug", name = "end session all others and renew", skip_all)]
    pub async fn all_others_renewing(&self, caller: &Caller) -> Result<Renewed, EndSessionError> {
        authorize::verified(caller, &self.settings)?;
        let how = (SessionEnd::Revoked, self.ports.clock.now());
        let mut work = self.ports.storage.begin().await?;
        let (session, renewed, _) =
            renew(&self.ports, &self.settings, caller, work.as_mut(), how).await?;
        // No password was asked for, so the session lasts no longer than it would have, and is given no new attempts.
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
