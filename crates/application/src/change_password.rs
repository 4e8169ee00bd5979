//! Changing one's password.

use doorward_domain::{
    audit::AuditKind,
    one_time_token::OneTimePurpose,
    password::{NewPassword, Password, PasswordHash},
    ports::{Against, HashError, Limit, RetryAfter, StorageError, Verification},
    session::SessionEnd,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings, audit,
    authorize::{self, Forbidden},
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
        self.check_current(caller, command.current_password, stored.hash).await?;

        let password = &command.new_password;
        if is_too_common(&self.ports, password, &user.email, &user.username).await {
            return Err(ChangePasswordError::PasswordTooCommon);
        }
        let hash = self.ports.hasher.hash(password.as_password().clone()).await?;
        self.store(caller, stored.version, &hash).await
    }

    /// Guesses here count as guesses at sign-in do, for they tell as much, and are written down as such. They
    /// come from somebody who is signed in, so they have a bucket of their session, wherever they come from.
    async fn check_current(
        &self,
        caller: &Caller,
        current: Password,
        stored: PasswordHash,
    ) -> Result<(), ChangePasswordError> {
        let bucket = format!("session:{}", caller.session_id);
        self.ports.limiter.take(Limit::LoginFailures, &bucket).await?;
        let verification = self.ports.hasher.verify(current, Against::Hash(stored)).await;
        if matches!(verification, Ok(Verification::Wrong)) {
            let (kind, client, session) =
                (AuditKind::LoginFailed, &caller.client, caller.session_id);
            let (user, org) = (caller.user.id, caller.org_id());
            let event = audit::event(&self.ports, kind, client, user, org, Some(session));
            self.ports.storage.connect().await?.audit().record(&event).await?;
            tracing::info!(event = kind.as_str(), user_id = %user, "current password wrong");
            return Err(ChangePasswordError::PasswordIncorrect);
        }
        self.ports.limiter.give_back(Limit::LoginFailures, &bucket).await;
        verification?;
        Ok(())
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
