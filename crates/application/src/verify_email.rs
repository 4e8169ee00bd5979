//! Showing that a mail reached its address.

use doorward_domain::{
    audit::AuditKind,
    client::Client,
    one_time_token::OneTimePurpose,
    ports::{StorageError, UnitOfWork},
    token::{TokenPurpose, TokenRef},
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with};

/// Marks the address that a token was sent to as its account's own.
#[derive(Debug)]
pub struct VerifyEmail {
    ports: Ports,
}

/// Nothing was verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyEmailError {
    /// The token is wrong, expired, replaced by a newer one, or was sent to another address.
    #[error("the verification token is not valid")]
    Rejected,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(VerifyEmailError: StorageError);

const PURPOSE: OneTimePurpose = OneTimePurpose::VerifyEmail;

impl VerifyEmail {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case. A token that was used is good again, to no effect, while the address is
    /// verified: links are clicked twice, and opened by mail scanners before their reader.
    ///
    /// # Errors
    /// See [`VerifyEmailError`].
    #[instrument(level = "debug", name = "verify email", skip_all)]
    pub async fn run(&self, token: &str, client: &Client) -> Result<(), VerifyEmailError> {
        let token = self
            .ports
            .opaque_tokens
            .open(TokenPurpose::VerifyEmail, token)
            .ok_or(VerifyEmailError::Rejected)?;
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        let Some(used) = work.one_time_tokens().consume(PURPOSE, token, now).await? else {
            return already_verified(work.as_mut(), token, now).await;
        };
        if !work.users().verify_email(used.user_id, &used.email, now).await? {
            return Err(VerifyEmailError::Rejected);
        }
        let kind = AuditKind::EmailVerified;
        let event = audit::event(&self.ports, kind, client, used.user_id, None, None);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %used.user_id, "e-mail address verified");
        Ok(())
    }
}

async fn already_verified(
    work: &mut dyn UnitOfWork,
    token: TokenRef,
    now: OffsetDateTime,
) -> Result<(), VerifyEmailError> {
    let row = work.one_time_tokens().find(PURPOSE, token).await?;
    let row =
        row.filter(|row| row.was_used(token.counter, now)).ok_or(VerifyEmailError::Rejected)?;
    let user = work.users().find(row.user_id).await?;
    match user {
        Some(user) if user.is_verified() && user.email == row.email => Ok(()),
        Some(_) | None => Err(VerifyEmailError::Rejected),
    }
}
