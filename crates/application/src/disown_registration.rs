//! "This was not me": the owner of an address deletes the account that someone else registered with it.

use doorward_domain::{
    audit::AuditKind,
    client::Client,
    one_time_token::OneTimePurpose,
    ports::StorageError,
    token::{TokenPurpose, TokenRef},
    user::User,
};
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with, provisional};

/// Deletes a provisional account for a user who can read the emails to its address. No email is sent.
#[derive(Debug)]
pub struct DisownRegistration {
    ports: Ports,
}

/// Errors returned by [`DisownRegistration::run`].
#[derive(Debug, thiserror::Error)]
pub enum DisownRegistrationError {
    /// The token is not valid, or the account is not provisional: its address is verified, or an operator created it.
    #[error("the token is not valid, or the account is not provisional")]
    Rejected,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(DisownRegistrationError: StorageError);

const PURPOSE: OneTimePurpose = OneTimePurpose::VerifyEmail;

impl DisownRegistration {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Returns the account that a token can delete, and changes nothing.
    ///
    /// # Errors
    /// See [`DisownRegistrationError`].
    #[instrument(level = "debug", name = "find registration", skip_all)]
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

    /// Runs the use case for a verification token as it was sent.
    ///
    /// # Errors
    /// See [`DisownRegistrationError`].
    #[instrument(level = "debug", name = "disown registration", skip_all)]
    pub async fn run(&self, token: &str, client: &Client) -> Result<(), DisownRegistrationError> {
        let (user, token) = (self.find(token).await?, self.open(token)?);
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        // Judged again by the database: the address may have been verified or changed since.
        let used = work.one_time_tokens().consume(PURPOSE, token, now).await?;
        let used = used.ok_or(DisownRegistrationError::Rejected)?;
        work.memberships().hold(user.id).await?;
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
        let token = self.ports.opaque_tokens.open(TokenPurpose::VerifyEmail, token);
        token.ok_or(DisownRegistrationError::Rejected)
    }
}
