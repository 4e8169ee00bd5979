//! Changing one's password.

use doorward_domain::{
    audit::AuditKind,
    one_time_token::OneTimePurpose,
    password::{NewPassword, Password, PasswordHash},
    ports::{HashError, RetryAfter, StorageError},
    session::SessionEnd,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings, audit,
    authorize::{self, Forbidden},
    current_password::{self, fails_check},
    failure::fails_with,
    new_password::is_too_common,
    reset_password::notice,
};

/// Replaces the caller's password, and ends every session but the caller's.
#[derive(Debug)]
pub struct ChangePassword {
    ports: Ports,
    settings: Settings,
}

/// What a person gives to change their password.
#[derive(Debug)]
pub struct ChangePasswordCommand {
    /// The password so far, as it was typed.
    pub current_password: Password,
    /// The new one.
    pub new_password: NewPassword,
}

/// The password is the old one.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The caller may not, or has no password to change.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The current password is another.
    #[error("the current password is wrong")]
    PasswordIncorrect,
    /// The new password is too easy to guess.
    #[error("the new password is too easy to guess")]
    PasswordTooCommon,
    /// The account saw too many wrong passwords.
    #[error(transparent)]
    TooManyFailures(#[from] RetryAfter),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ChangePasswordError: StorageError, HashError);
fails_check!(ChangePasswordError);

impl ChangePassword {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`ChangePasswordError`].
    #[instrument(level = "debug", name = "change password", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        command: ChangePasswordCommand,
    ) -> Result<(), ChangePasswordError> {
        authorize::verified(caller, &self.settings)?;
        let user = &caller.user;
        let stored = self.ports.storage.connect().await?.users().password(user.id).await?;
        let stored = stored.ok_or(Forbidden::PASSWORD_CHANGE)?;
        let current = command.current_password;
        current_password::check(&self.ports, caller, current, stored.hash).await?;

        let password = &command.new_password;
        if is_too_common(&self.ports, password, &user.email, &user.username).await {
            return Err(ChangePasswordError::PasswordTooCommon);
        }
        let hash = self.ports.hasher.hash(password.as_password().clone()).await?;
        self.store(caller, stored.version, &hash).await
    }

    async fn store(
        &self,
        caller: &Caller,
        verified: u32,
        new: &PasswordHash,
    ) -> Result<(), ChangePasswordError> {
        let now = self.ports.clock.now();
        let user = &caller.user;
        let mut work = self.ports.storage.begin().await?;
        // A reset link that somebody else asked for must not outlive the change. First, as a reset
        // takes these rows in this order.
        work.one_time_tokens().void(OneTimePurpose::ResetPassword, user.id, now).await?;
        // Judged again by the database: it may have been reset while the new one was hashed.
        if !work.users().change_password(user.id, verified, new, now).await? {
            return Err(ChangePasswordError::PasswordIncorrect);
        }
        let keep = Some(caller.session_id);
        let ended =
            work.sessions().end_all(user.id, keep, SessionEnd::PasswordChanged, now).await?;
        work.outbox().enqueue(&notice(&self.ports, user)).await?;
        let kind = AuditKind::PasswordChanged;
        let event = audit::event(&self.ports, kind, &caller.client, user.id, caller.org_id(), keep);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user.id, sessions_ended = ended, "password changed");
        Ok(())
    }
}
