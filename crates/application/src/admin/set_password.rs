//! Setting a user's password, for operators.

use doorward_domain::{
    UserId,
    audit::AuditKind,
    credential::password::{NewHash, NewPassword, PasswordHash},
    ports::{HashError, Priority, StorageError},
    session::SessionEndReason,
    token::one_time::OneTimePurpose,
};
use tracing::instrument;

use crate::{
    CommonError, Ports,
    error::common_error,
    events::audit,
    password::{policy::is_too_common, reset::notice},
};

/// Sets an account's password, under the same rules as for users, and ends all sessions of the account. An email notifies
/// the user. Performs no authorization; call only on behalf of a trusted operator.
#[derive(Debug)]
pub struct SetPassword {
    ports: Ports,
}

/// Errors returned by [`SetPassword::run`]. The password is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum SetPasswordError {
    /// The account doesn't exist.
    #[error("the account does not exist")]
    NotFound,
    /// The new password is too easy to guess.
    #[error(
        "the password is too easy to guess: it is a common password, or consists of words of the account; choose another one"
    )]
    PasswordTooCommon,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(SetPasswordError: StorageError, HashError);

impl SetPassword {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Sets the password. Returns the number of sessions ended.
    ///
    /// # Errors
    /// See [`SetPasswordError`].
    #[instrument(level = "debug", name = "set_password", skip_all)]
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
        // Invalidated first, because a reset and a change lock these rows in this order.
        work.one_time_tokens().void(OneTimePurpose::ResetPassword, id, now).await?;
        work.users().set_password(id, &NewHash { hash, from: None, at: now }).await?;
        // Read again: the account may have been deleted, or got another address, while the password was hashed.
        let user = work.users().find(id).await?.ok_or(SetPasswordError::NotFound)?;
        let ended = work.sessions().end_all(id, None, SessionEndReason::PasswordReset, now).await?;
        work.outbox().enqueue(&notice(&self.ports, &user)).await?;
        let kind = AuditKind::PasswordSet;
        work.audit().record(&audit::by_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, sessions_ended = ended, "password set");
        Ok(ended)
    }
}
