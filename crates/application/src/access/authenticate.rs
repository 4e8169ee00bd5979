//! Authenticating a request.

use doorward_domain::{ports::StorageError, request_context::RequestContext};
use tracing::instrument;

use crate::{Caller, CommonError, Ports, error::common_error};

/// Authenticates a request by its access token.
///
/// A valid signature is not enough. One query checks that the session is live, that the user is active, and that they
/// are still a member of the token's organization. Signing out, disabling an account, and changing a role therefore
/// take effect at once.
#[derive(Debug)]
pub struct Authenticate {
    ports: Ports,
}

/// Errors returned by [`Authenticate::run`].
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// The access token is not valid, has expired, or was revoked.
    #[error("the access token is not valid")]
    Rejected,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(AuthenticateError: StorageError);

impl Authenticate {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Verifies an access token and returns its user.
    ///
    /// # Errors
    /// See [`AuthenticateError`].
    #[instrument(level = "debug", name = "authenticate", skip_all)]
    pub async fn run(
        &self,
        token: &str,
        client: RequestContext,
    ) -> Result<Caller, AuthenticateError> {
        let now = self.ports.clock.now();
        let bearer = self
            .ports
            .access_tokens
            .verify(token, now)
            .map_err(|_invalid| AuthenticateError::Rejected)?;
        let mut repositories = self.ports.storage.connect().await?;
        let session_context = repositories
            .sessions()
            .find_with_user(bearer.session_id, bearer.org_id)
            .await?
            .ok_or(AuthenticateError::Rejected)?;

        let session = &session_context.session;
        let stands = session.is_live(now)
            && session.user_id == bearer.user_id
            && session_context.user.is_active()
            && (bearer.org_id.is_none() || session_context.role.is_some());
        if !stands {
            return Err(AuthenticateError::Rejected);
        }
        // A token without an organization has no role, even if the session has an organization by now.
        let workspace = bearer.org_id.zip(session_context.role);
        Ok(Caller {
            session_id: session.id,
            user: session_context.user,
            workspace,
            token_expires_at: bearer.expires_at,
            client,
        })
    }
}
