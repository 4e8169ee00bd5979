//! Checking a link from an email before it is used.

use doorward_domain::{
    ports::StorageError,
    token::{
        TokenPurpose,
        one_time::{LinkState, OneTimePurpose},
    },
};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error};

/// Returns what a link from an email can be used for, without using it: mail scanners and previews open links, too. The
/// caller is authorized by the token in the link.
#[derive(Debug)]
pub struct CheckLink {
    ports: Ports,
}

/// Errors returned by [`CheckLink::run`].
#[derive(Debug, thiserror::Error)]
pub enum CheckLinkError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(CheckLinkError: StorageError);

impl CheckLink {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Returns the state of a link, given its token as the client sent it. A token that this server did not issue costs no
    /// query.
    ///
    /// # Errors
    /// See [`CheckLinkError`].
    #[instrument(level = "debug", name = "check_link", skip_all)]
    pub async fn run(
        &self,
        purpose: OneTimePurpose,
        token: &str,
    ) -> Result<LinkState, CheckLinkError> {
        let kind = match purpose {
            OneTimePurpose::VerifyEmail => TokenPurpose::VerifyEmail,
            OneTimePurpose::ResetPassword => TokenPurpose::ResetPassword,
        };
        let dead = LinkState::Dead { email: None };
        let Some(token) = self.ports.opaque_tokens.verify(kind, token) else { return Ok(dead) };
        let mut repositories = self.ports.storage.connect().await?;
        let Some(row) = repositories.one_time_tokens().find(purpose, token).await? else {
            return Ok(dead);
        };
        let user = repositories.users().find(row.user_id).await?;
        let now = self.ports.clock.now();
        Ok(row.link_state(purpose, token.counter, user.as_ref(), now))
    }
}
