//! Who sends this access token?

use doorward_domain::{client::Client, ports::StorageError};
use tracing::instrument;

use crate::{Caller, Failure, Ports, failure::fails_with};

/// Finds out who is behind a request.
///
/// A signed token alone is not believed: one query tells whether its session goes on, its user is
/// active and still belongs to its organisation, so that signing out, switching an account off and
/// a change of role bite at once.
#[derive(Debug)]
pub struct Authenticate {
    ports: Ports,
}

/// Nobody is behind a request.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// The access token is wrong, expired or revoked.
    #[error("the access token is not valid")]
    Rejected,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(AuthenticateError: StorageError);

impl Authenticate {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`AuthenticateError`].
    #[instrument(level = "debug", name = "authenticate", skip_all)]
    pub async fn run(&self, token: &str, client: Client) -> Result<Caller, AuthenticateError> {
        let now = self.ports.clock.now();
        let bearer = self
            .ports
            .access_tokens
            .verify(token, now)
            .map_err(|_invalid| AuthenticateError::Rejected)?;
        let mut repositories = self.ports.storage.connect().await?;
        let standing = repositories
            .sessions()
            .standing(bearer.session_id, bearer.org_id)
            .await?
            .ok_or(AuthenticateError::Rejected)?;

        let session = &standing.session;
        let stands = session.is_live(now)
            && session.user_id == bearer.user_id
            && standing.user.is_active()
            && (bearer.org_id.is_none() || standing.role.is_some());
        if !stands {
            return Err(AuthenticateError::Rejected);
        }
        // A token without an organisation has no role, even where the session has one by now.
        let workspace = bearer.org_id.zip(standing.role);
        Ok(Caller {
            session_id: session.id,
            user: standing.user,
            workspace,
            token_expires_at: bearer.expires_at,
            client,
        })
    }
}
