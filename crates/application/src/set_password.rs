//! Setting somebody's password.

use doorward_domain::{
    UserId,
    audit::AuditKind,
    one_time_token::OneTimePurpose,
    password::{NewHash, NewPassword, PasswordHash},
    ports::{HashError, Priority, StorageError},
    session::SessionEnd,
};
use tracing::instrument;

use crate::{
    Failure, Ports, audit, failure::fails_with, new_password::is_too_common, reset_password::notice,
};

/// Sets an account's password by the rules for all, and ends every session of it: for operators, who are asked
/// nothing here. The person is told by mail.
#[derive(Debug)]
pub struct SetPassword {
    ports: Ports,
}

/// The password is the old one.
#[derive(Debug, thiserror::Error)]
pub enum SetPasswordError {
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// The new password is too easy to guess.
    #[error(
        "the password is too easy to guess: it is on the list of common passwords, or a word of the account's own"
    )]
    PasswordTooCommon,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(SetPasswordError: StorageError, HashError);

impl SetPassword {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case, and answers how many sessions have ended.
    ///
    /// # Errors
    /// See [`SetPasswordError`].
    #[instrument(level = "debug", name = "set password", skip_all)]
    pub async fn run(&self, id: UserId, password: &NewPassword) -> Result<usize, SetPasswordError> {
        let mut repositories = self.ports.storage.connect().await?;
        let user = repositories.users().find(id).await?.ok_or(SetPasswordError::NotFound)?;
        drop(repositories);
        if is_too_common(&self.ports, password, &user.email, &user.username).await {
            return Err(SetPasswordError::PasswordTooCommon);
        }
        let hash =
            self.ports.hasher.hash(password.as_password().clone(), Priority::Recognized).await?;
        self.store(id, hash).await
    }

    async fn store(&self, id: UserId, hash: PasswordHash) -> Result<usize, SetPasswordError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        // As a reset and a change take these rows in this order.
        work.one_time_tokens().void(OneTimePurpose::ResetPassword, id, now).await?;
        work.users().set_password(id, &NewHash { hash, from: None, at: now }).await?;
        // Again: the account may be gone, or have another address, since the password was hashed.
        let user = work.users().find(id).await?.ok_or(SetPasswordError::NotFound)?;
        let ended = work.sessions().end_all(id, None, SessionEnd::PasswordReset, now).await?;
        work.outbox().enqueue(&notice(&self.ports, &user)).await?;
        let kind = AuditKind::PasswordSet;
        work.audit().record(&audit::by_an_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, sessions_ended = ended, "password set");
        Ok(ended)
    }
}
