//! Continuing a session.

use doorward_domain::{
    OrgId, SessionId,
    audit::AuditKind,
    client::Client,
    error::chain,
    ports::{SigningFailed, StorageError},
    session::{RefreshVerdict, Rotation, SessionEnd, SessionState, Standing},
    token::{AccessToken, PlainToken, TokenPair, TokenPurpose, TokenRef},
};
use time::{Duration, OffsetDateTime};
use tracing::instrument;

use crate::{
    Failure, Ports, Settings, audit,
    authorize::Forbidden,
    failure::fails_with,
    tokens::{self, Grant},
};

/// Exchanges a refresh token for the next pair of tokens.
///
/// One conditional statement moves the session on. Only when it does not is the session read, to
/// find out why.
#[derive(Debug)]
pub struct Refresh {
    ports: Ports,
    settings: Settings,
}

/// What a client gives to continue.
#[derive(Debug)]
pub struct RefreshCommand {
    /// The refresh token, as it was sent.
    pub token: String,
    /// The organisation to continue in, as it was sent, if not the one before.
    pub org_id: Option<String>,
    /// Where the request comes from.
    pub client: Client,
}

/// The session was not continued.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The token is none of ours, or its session is no longer known.
    #[error("the refresh token is not valid")]
    Invalid,
    /// The session has come to its end by itself.
    #[error("the session has expired")]
    Expired,
    /// The token was used before. The session has been ended.
    #[error("the refresh token was used before")]
    Reused,
    /// The session was ended.
    #[error("the session has been ended")]
    Ended,
    /// The session of a browser was renewed a moment ago: the browser may have newer tokens already.
    #[error("the session has just been renewed")]
    JustRenewed,
    /// The session goes on, but not there or not yet.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(RefreshError: StorageError, SigningFailed);

impl Refresh {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case. Whatever is not one of our tokens is refused without a query.
    ///
    /// # Errors
    /// See [`RefreshError`].
    #[instrument(level = "debug", name = "refresh", skip_all)]
    pub async fn run(&self, command: RefreshCommand) -> Result<TokenPair, RefreshError> {
        let RefreshCommand { token, org_id, client } = command;
        let token = self.ports.opaque_tokens.open(TokenPurpose::Refresh, &token);
        // What is no id is the id of no organisation: the token is judged all the same.
        let org_id = org_id.map(|text| text.parse().unwrap_or(OrgId::NONE));
        self.go_on(token.ok_or(RefreshError::Invalid)?, org_id, true, &client).await
    }

    /// Continues the session of a browser with the token that it keeps (see [`Refresh::for_browser`]), which is
    /// not used up.
    ///
    /// # Errors
    /// See [`RefreshError`].
    pub async fn resume(&self, token: &str, client: &Client) -> Result<AccessToken, RefreshError> {
        let token = self.ports.opaque_tokens.open(TokenPurpose::Browser, token);
        let token = token.ok_or(RefreshError::Invalid)?;
        Ok(self.go_on(token, None, false, client).await?.access)
    }

    /// The token by which a browser continues a session that has just been opened.
    ///
    /// # Errors
    /// [`RefreshError::Invalid`], if it is not the refresh token of one.
    pub fn for_browser(&self, refresh: &PlainToken) -> Result<PlainToken, RefreshError> {
        let token = self.ports.opaque_tokens.open(TokenPurpose::Refresh, refresh.expose());
        let token = token.ok_or(RefreshError::Invalid)?;
        Ok(self.ports.opaque_tokens.issue(TokenPurpose::Browser, token))
    }

    /// The session that the token of a browser names, without asking whether it goes on; `None` if the token is none.
    pub fn session_of_browser(&self, token: &str) -> Option<SessionId> {
        let token = self.ports.opaque_tokens.open(TokenPurpose::Browser, token)?;
        Some(SessionId::from_uuid(token.row))
    }

    async fn go_on(
        &self,
        token: TokenRef,
        org_id: Option<OrgId>,
        single_use: bool,
        client: &Client,
    ) -> Result<TokenPair, RefreshError> {
        let now = self.ports.clock.now();
        let rotation = Rotation {
            session_id: SessionId::from_uuid(token.row),
            presented: token.counter,
            now,
            network: client.network(),
            user_agent: client.user_agent.clone(),
            idle_expires_at: now + self.settings.sessions.idle,
            org_id,
            verified_only: self.settings.require_verified_email,
            single_use,
        };
        let mut repositories = self.ports.storage.connect().await?;
        let Some(moved) = repositories.sessions().rotate(&rotation).await? else {
            let standing = repositories.sessions().standing(rotation.session_id, org_id).await?;
            drop(repositories);
            return self.explain(&rotation, standing, client).await;
        };
        if moved.network_changed {
            let org_id = moved.workspace.map(|(org, _)| org);
            let (user_id, id) = (moved.user_id, Some(rotation.session_id));
            let kind = AuditKind::SessionNetworkChanged;
            let event = audit::event(&self.ports, kind, client, user_id, org_id, id);
            // The session has moved on: a client that did not learn of it would be signed out.
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

    /// Finds out why the session did not move, which may be no fault of the client's.
    async fn explain(
        &self,
        rotation: &Rotation,
        standing: Option<Standing>,
        client: &Client,
    ) -> Result<TokenPair, RefreshError> {
        let standing = standing.ok_or(RefreshError::Invalid)?;
        let grace = self.settings.sessions.grace;
        match standing.session.judge_refresh(rotation.presented, rotation.now, grace) {
            RefreshVerdict::NeverIssued => Err(RefreshError::Invalid),
            RefreshVerdict::Expired => Err(RefreshError::Expired),
            RefreshVerdict::Ended
                if !rotation.single_use && is_just_renewed(&standing, rotation.now, grace) =>
            {
                Err(RefreshError::JustRenewed)
            }
            RefreshVerdict::Ended => Err(RefreshError::Ended),
            RefreshVerdict::Reused => {
                self.end_family(&standing, rotation.now, client).await?;
                Err(RefreshError::Reused)
            }
            RefreshVerdict::Replay => {
                self.admit(&standing, rotation.org_id)?;
                self.replay(&standing, rotation.org_id)
            }
            RefreshVerdict::Current => {
                self.admit(&standing, rotation.org_id)?;
                // All is well by now: the account changed between the two statements.
                Err(RefreshError::Failure(Failure::Busy))
            }
        }
    }

    fn admit(&self, standing: &Standing, org_id: Option<OrgId>) -> Result<(), RefreshError> {
        if !standing.user.is_active() {
            return Err(RefreshError::Ended);
        }
        if self.settings.require_verified_email && !standing.user.is_verified() {
            return Err(Forbidden::EMAIL_UNVERIFIED.into());
        }
        if org_id.is_some() && standing.role.is_none() {
            return Err(Forbidden::ORG_ACCESS.into());
        }
        Ok(())
    }

    /// Answers with the same refresh token as the first time, and changes nothing.
    fn replay(
        &self,
        standing: &Standing,
        org_id: Option<OrgId>,
    ) -> Result<TokenPair, RefreshError> {
        let session = &standing.session;
        let grant = Grant {
            user_id: session.user_id,
            session_id: session.id,
            workspace: org_id.or(session.org_id).zip(standing.role),
            is_platform_admin: standing.user.is_platform_admin,
            email_verified: standing.user.is_verified(),
        };
        let lifetime = self.settings.access_lifetime;
        Ok(tokens::pair(&self.ports, lifetime, &grant, session.generation)?)
    }

    /// Ends a session whose token is in two hands. This is committed, although the answer is no.
    async fn end_family(
        &self,
        standing: &Standing,
        now: OffsetDateTime,
        client: &Client,
    ) -> Result<(), StorageError> {
        let session = &standing.session;
        if session.state != SessionState::Live {
            return Ok(());
        }
        let mut work = self.ports.storage.begin().await?;
        if work.sessions().end(session.user_id, session.id, SessionEnd::TokenReused, now).await? {
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
                "a used refresh token came back: session ended"
            );
        }
        Ok(())
    }
}

/// Returns `true` if the session was renewed within the reuse interval.
fn is_just_renewed(standing: &Standing, now: OffsetDateTime, interval: Duration) -> bool {
    match standing.session.state {
        SessionState::Ended { at, reason: SessionEnd::Renewed } => now - at <= interval,
        SessionState::Ended { .. } | SessionState::Live => false,
    }
}
