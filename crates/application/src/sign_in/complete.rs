//! The last step of every sign-in: a new session and its tokens.

use doorward_domain::{
    OrgId, SessionId,
    account::user::User,
    org::role::Role,
    ports::{SigningFailed, StorageError, UnitOfWork, VerifiedPassword},
    request_context::RequestContext,
    session::{Session, SessionState},
    token::{PlainToken, TokenPair},
};
use time::OffsetDateTime;

use crate::{
    Ports, Settings,
    sessions::tokens::{self, Grant},
};

/// A user who has just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// The account.
    pub user: User,
    /// The user's role in the organization that the session starts in.
    pub role: Option<Role>,
    /// The access token and the refresh token.
    pub tokens: TokenPair,
    /// Identifies this client at later sign-ins, so that failures of other clients don't count against it. Grants no
    /// access.
    pub device_token: PlainToken,
}

/// A session that is not stored yet, and its tokens. Only this type opens sessions.
///
/// The tokens are signed before anything is stored, so that a failure leaves nothing behind.
pub(crate) struct NewSession {
    pub(crate) session: Session,
    pub(crate) tokens: TokenPair,
    pub(crate) device_token: PlainToken,
    role: Option<Role>,
}

impl NewSession {
    /// Creates a session that starts in an organization, and signs its tokens.
    pub(crate) fn create(
        ports: &Ports,
        settings: &Settings,
        user: &User,
        workspace: Option<(OrgId, Role)>,
        client: &RequestContext,
        now: OffsetDateTime,
    ) -> Result<Self, SigningFailed> {
        let session = Session {
            id: SessionId::from_uuid(ports.ids.next()),
            user_id: user.id,
            org_id: workspace.map(|(org, _)| org),
            generation: Session::FIRST_GENERATION,
            created_at: now,
            rotated_at: now,
            idle_expires_at: now + settings.sessions.idle,
            expires_at: now + settings.sessions.absolute,
            network: client.ip_prefix(),
            user_agent: client.user_agent.clone(),
            last_network: client.ip_prefix(),
            last_user_agent: client.user_agent.clone(),
            state: SessionState::Live,
        };
        let grant = Grant {
            user_id: user.id,
            session_id: session.id,
            workspace,
            is_platform_admin: user.is_platform_admin,
            email_verified: user.is_verified(),
        };
        let tokens = tokens::pair(ports, settings.access_lifetime, &grant, session.generation)?;
        let device_token = tokens::device(ports, session.id);
        Ok(Self { session, tokens, device_token, role: workspace.map(|(_, role)| role) })
    }

    /// Opens the session of a new account, or one that replaces the caller's.
    pub(crate) async fn open(&self, work: &mut dyn UnitOfWork) -> Result<(), StorageError> {
        work.sessions().open(&self.session).await
    }

    /// Opens the session, and ends sessions beyond [`Session::MAX_RECOGNIZED`]. Returns `false` and does neither if the
    /// account has changed since its password was verified.
    pub(crate) async fn open_by_password(
        &self,
        work: &mut dyn UnitOfWork,
        verified: VerifiedPassword,
    ) -> Result<bool, StorageError> {
        if !work.sessions().open_by_password(&self.session, verified).await? {
            return Ok(false);
        }
        let Session { user_id, created_at, .. } = self.session;
        work.sessions().end_excess(user_id, Session::MAX_RECOGNIZED, created_at).await?;
        Ok(true)
    }

    /// Returns the result of the sign-in.
    pub(crate) fn signed_in(self, user: User) -> SignedIn {
        let user = User { last_login_at: Some(self.session.created_at), ..user };
        let Self { role, tokens, device_token, .. } = self;
        SignedIn { user, role, tokens, device_token }
    }
}
