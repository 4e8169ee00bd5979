//! "This was not me": the owner of an email address deletes an account that another user registered with it.

use doorward_domain::{
    account::user::User,
    audit::AuditKind,
    ports::StorageError,
    request_context::RequestContext,
    token::{TokenPurpose, TokenRef, one_time::OneTimePurpose},
};
use tracing::instrument;

use crate::{CommonError, Ports, account::provisional, error::common_error, events::audit};

/// Deletes a provisional account for a user who can read the emails to its address. The caller is authorized by the
/// verification token. No email is sent.
#[derive(Debug)]
pub struct DisownRegistration {
    ports: Ports,
}

/// Errors returned by [`DisownRegistration::find`] and [`DisownRegistration::run`].
#[derive(Debug, thiserror::Error)]
pub enum DisownRegistrationError {
    /// The token is not valid, or the account is not provisional: its address is verified, or an operator created it.
    #[error("the token is not valid, or the account is not provisional")]
    Rejected,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(DisownRegistrationError: StorageError);

const PURPOSE: OneTimePurpose = OneTimePurpose::VerifyEmail;

impl DisownRegistration {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Returns the account that a token can delete. Changes nothing.
    ///
    /// # Errors
    /// See [`DisownRegistrationError`].
    #[instrument(level = "debug", name = "find_registration", skip_all)]
    pub async fn find(&self, token: &str) -> Result<User, DisownRegistrationError> {
        let token = self.open(token)?;
        let mut repositories = self.ports.storage.connect().await?;
        let row = repositories.one_time_tokens().find(PURPOSE, token).await?;
        let now = self.ports.clock.now();
        let row = row.filter(|row| row.is_open(token.counter, now));
        let row = row.ok_or(DisownRegistrationError::Rejected)?;
        let user = repositories.users().find(row.user_id).await?;
        user.filter(|user| user.is_provisional && user.email == row.email)
            .ok_or(DisownRegistrationError::Rejected)
    }

    /// Deletes the account, given a verification token as the client sent it.
    ///
    /// # Errors
    /// See [`DisownRegistrationError`].
    #[instrument(level = "debug", name = "disown_registration", skip_all)]
    pub async fn run(
        &self,
        token: &str,
        client: &RequestContext,
    ) -> Result<(), DisownRegistrationError> {
        let (user, token) = (self.find(token).await?, self.open(token)?);
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        // The database checks again: the address may have been verified or changed since.
        let used = work.one_time_tokens().consume(PURPOSE, token, now).await?;
        let used = used.ok_or(DisownRegistrationError::Rejected)?;
        work.memberships().lock_for_user(user.id).await?;
        let stored = work.users().find(user.id).await?;
        stored
            .filter(|user| user.is_provisional && user.email == used.email)
            .ok_or(DisownRegistrationError::Rejected)?;
        let orgs = provisional::leave_all(work.as_mut(), user.id).await?;
        work.users().delete(user.id).await?;
        let kind = AuditKind::RegistrationDisowned;
        work.audit().record(&audit::event(&self.ports, kind, client, user.id, None, None)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user.id, orgs, "registration disowned");
        Ok(())
    }

    fn open(&self, token: &str) -> Result<TokenRef, DisownRegistrationError> {
        let token = self.ports.opaque_tokens.verify(TokenPurpose::VerifyEmail, token);
        token.ok_or(DisownRegistrationError::Rejected)
    }
}
