//! Refreshing a session.

use doorward_domain::{
    OrgId, SessionId,
    audit::AuditKind,
    error::chain,
    ports::{SigningFailed, StorageError},
    request_context::RequestContext,
    session::{RefreshAttempt, RefreshDecision, SessionContext, SessionEndReason, SessionState},
    token::{AccessToken, PlainToken, TokenPair, TokenPurpose, TokenRef},
};
use time::{Duration, OffsetDateTime};
use tracing::instrument;

use crate::{
    CommonError, Ports, Settings,
    access::denied::Forbidden,
    error::common_error,
    events::audit,
    sessions::tokens::{self, Grant},
};

/// Exchanges a refresh token for the next pair of tokens.
///
/// One conditional statement advances the session to its next generation. The session is read only if that statement
/// changes nothing, to find out why.
#[derive(Debug)]
pub struct Refresh {
    ports: Ports,
    settings: Settings,
}

/// The input of [`Refresh::run`].
#[derive(Debug)]
pub struct RefreshCommand {
    /// The refresh token, as the client sent it.
    pub token: String,
    /// The ID of the organization to continue in, as the client sent it; `None` to stay in the current one.
    pub org_id: Option<String>,
    /// The context of the request.
    pub client: RequestContext,
}

/// Errors returned by [`Refresh::run`] and [`Refresh::resume`].
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The token was not issued by this server, or its session no longer exists.
    #[error("the refresh token is not valid")]
    Invalid,
    /// The session has expired.
    #[error("the session has expired")]
    Expired,
    /// The token was used before, outside of the reuse interval. The session has been revoked.
    #[error("the refresh token was used before")]
    Reused,
    /// The session was ended, or the account is disabled.
    #[error("the session has ended")]
    Ended,
    /// The session of a browser was renewed within the reuse interval, so the browser may have newer tokens already.
    #[error("the session has just been renewed")]
    JustRenewed,
    /// [`Forbidden::ORG_ACCESS`], if the user is not a member of the organization; or
    /// [`Forbidden::EMAIL_UNVERIFIED`], if the email address has to be verified first. The session stays live.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(RefreshError: StorageError, SigningFailed);

impl Refresh {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Exchanges a refresh token. A token that this server did not issue is rejected without a query.
    ///
    /// # Errors
    /// See [`RefreshError`].
    #[instrument(level = "debug", name = "refresh", skip_all)]
    pub async fn run(&self, command: RefreshCommand) -> Result<TokenPair, RefreshError> {
        let RefreshCommand { token, org_id, client } = command;
        let token = self.ports.opaque_tokens.verify(TokenPurpose::Refresh, &token);
        // A malformed ID is treated as that of an unknown organization, so that the token is checked first.
        let org_id = org_id.map(|text| text.parse().unwrap_or(OrgId::NONE));
        self.go_on(token.ok_or(RefreshError::Invalid)?, org_id, true, &client).await
    }

    /// Continues the session of a browser with its token (see [`Refresh::for_browser`]). The token stays valid.
    ///
    /// # Errors
    /// See [`RefreshError`].
    pub async fn resume(
        &self,
        token: &str,
        client: &RequestContext,
    ) -> Result<AccessToken, RefreshError> {
        let token = self.ports.opaque_tokens.verify(TokenPurpose::Browser, token);
        let token = token.ok_or(RefreshError::Invalid)?;
        Ok(self.go_on(token, None, false, client).await?.access)
    }

    /// Returns the token with which a browser continues a session, given the refresh token of a new session.
    ///
    /// # Errors
    /// [`RefreshError::Invalid`], if `refresh` is not a refresh token of this server.
    pub fn for_browser(&self, refresh: &PlainToken) -> Result<PlainToken, RefreshError> {
        let token = self.ports.opaque_tokens.verify(TokenPurpose::Refresh, refresh.expose());
        let token = token.ok_or(RefreshError::Invalid)?;
        Ok(self.ports.opaque_tokens.issue(TokenPurpose::Browser, token))
    }

    /// Returns the ID of the session that a browser's token belongs to, or `None` if the token is not valid. Doesn't
    /// check whether the session is live.
    pub fn session_of_browser(&self, token: &str) -> Option<SessionId> {
        let token = self.ports.opaque_tokens.verify(TokenPurpose::Browser, token)?;
        Some(SessionId::from_uuid(token.id))
    }

    async fn go_on(
        &self,
        token: TokenRef,
        org_id: Option<OrgId>,
        single_use: bool,
        client: &RequestContext,
    ) -> Result<TokenPair, RefreshError> {
        let now = self.ports.clock.now();
        let rotation = RefreshAttempt {
            session_id: SessionId::from_uuid(token.id),
            generation: token.counter,
            now,
            network: client.ip_prefix(),
            user_agent: client.user_agent.clone(),
            idle_expires_at: now + self.settings.sessions.idle,
            org_id,
            require_verified_email: self.settings.require_verified_email,
            rotate: single_use,
        };
        let mut repositories = self.ports.storage.connect().await?;
        let Some(moved) = repositories.sessions().rotate(&rotation).await? else {
            let session_context =
                repositories.sessions().find_with_user(rotation.session_id, org_id).await?;
            drop(repositories);
            return self.explain(&rotation, session_context, client).await;
        };
        if moved.network_changed {
            let org_id = moved.workspace.map(|(org, _)| org);
            let (user_id, id) = (moved.user_id, Some(rotation.session_id));
            let kind = AuditKind::SessionNetworkChanged;
            let event = audit::event(&self.ports, kind, client, user_id, org_id, id);
            // The session has advanced already. Failing now would keep the new token from the client, and sign it out.
            if let Err(error) = repositories.audit().record(&event).await {
                let error = chain(&error);
                tracing::warn!(%user_id, %error, "event {} not recorded", kind.as_str());
            }
        }
        let grant = Grant {
            user_id: moved.user_id,
            session_id: rotation.session_id,
            workspace: moved.workspace,
            is_platform_admin: moved.is_platform_admin,
            email_verified: moved.email_verified,
        };
        Ok(tokens::pair(&self.ports, self.settings.access_lifetime, &grant, moved.generation)?)
    }

    /// Finds out why the session did not advance. The request may be legitimate all the same, such as a replay.
    async fn explain(
        &self,
        rotation: &RefreshAttempt,
        session_context: Option<SessionContext>,
        client: &RequestContext,
    ) -> Result<TokenPair, RefreshError> {
        let session_context = session_context.ok_or(RefreshError::Invalid)?;
        let grace = self.settings.sessions.reuse_interval;
        match session_context.session.classify_refresh(rotation.generation, rotation.now, grace) {
            RefreshDecision::FutureGeneration => Err(RefreshError::Invalid),
            RefreshDecision::Expired => Err(RefreshError::Expired),
            RefreshDecision::Ended
                if !rotation.rotate && is_just_renewed(&session_context, rotation.now, grace) =>
            {
                Err(RefreshError::JustRenewed)
            }
            RefreshDecision::Ended => Err(RefreshError::Ended),
            RefreshDecision::ReuseDetected => {
                self.end_family(&session_context, rotation.now, client).await?;
                Err(RefreshError::Reused)
            }
            RefreshDecision::WithinReuseInterval => {
                self.admit(&session_context, rotation.org_id)?;
                self.replay(&session_context, rotation.org_id)
            }
            RefreshDecision::Current => {
                self.admit(&session_context, rotation.org_id)?;
                // The account changed between the two statements, so a retry may succeed.
                Err(RefreshError::Failure(CommonError::Busy))
            }
        }
    }

    fn admit(
        &self,
        session_context: &SessionContext,
        org_id: Option<OrgId>,
    ) -> Result<(), RefreshError> {
        if !session_context.user.is_active() {
            return Err(RefreshError::Ended);
        }
        if self.settings.require_verified_email && !session_context.user.is_verified() {
            return Err(Forbidden::EMAIL_UNVERIFIED.into());
        }
        if org_id.is_some() && session_context.role.is_none() {
            return Err(Forbidden::ORG_ACCESS.into());
        }
        Ok(())
    }

    /// Returns the same refresh token as the first time, and changes nothing.
    fn replay(
        &self,
        session_context: &SessionContext,
        org_id: Option<OrgId>,
    ) -> Result<TokenPair, RefreshError> {
        let session = &session_context.session;
        let grant = Grant {
            user_id: session.user_id,
            session_id: session.id,
            workspace: org_id.or(session.org_id).zip(session_context.role),
            is_platform_admin: session_context.user.is_platform_admin,
            email_verified: session_context.user.is_verified(),
        };
        let lifetime = self.settings.access_lifetime;
        Ok(tokens::pair(&self.ports, lifetime, &grant, session.generation)?)
    }

    /// Revokes the session after token reuse. Commits, although the request fails.
    async fn end_family(
        &self,
        session_context: &SessionContext,
        now: OffsetDateTime,
        client: &RequestContext,
    ) -> Result<(), StorageError> {
        let session = &session_context.session;
        if session.state != SessionState::Live {
            return Ok(());
        }
        let mut work = self.ports.storage.begin().await?;
        if work
            .sessions()
            .end(session.user_id, session.id, SessionEndReason::TokenReused, now)
            .await?
        {
            let kind = AuditKind::RefreshReused;
            let event = audit::event(
                &self.ports,
                kind,
                client,
                session.user_id,
                session.org_id,
                Some(session.id),
            );
            work.audit().record(&event).await?;
            work.commit().await?;
            tracing::warn!(
                event = kind.as_str(),
                user_id = %session.user_id,
                session_id = %session.id,
                "refresh token reuse detected; session revoked"
            );
        }
        Ok(())
    }
}

/// Returns `true` if the session was renewed within the reuse interval.
fn is_just_renewed(
    session_context: &SessionContext,
    now: OffsetDateTime,
    interval: Duration,
) -> bool {
    match session_context.session.state {
        SessionState::Ended { at, reason: SessionEndReason::Renewed } => now - at <= interval,
        SessionState::Ended { .. } | SessionState::Live => false,
    }
}
