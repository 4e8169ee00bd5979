//! Changing the caller's password.

use doorward_domain::{
    SessionId,
    audit::AuditKind,
    credential::password::{NewHash, NewPassword, Password},
    mail::Allowance,
    ports::{HashError, Limit, Priority, RetryAfter, StorageError, UnitOfWork},
    session::SessionEndReason,
    token::one_time::OneTimePurpose,
};
use time::Duration;
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::{self, Forbidden},
    error::common_error,
    events::audit,
    mail::enqueue::enqueue_limited,
    password::{
        current::{self, fails_check},
        policy::is_too_common,
        reset::notice,
    },
    sessions::renew::{Renewed, fails_renewal, renew},
};

/// Replaces the caller's password and ends every other session of the user. Requires the current password.
///
/// An attacker who knows the password could keep invalidating the reset links of its owner with such changes, so they
/// are limited per day: see [`Allowance::invalidations_for`].
#[derive(Debug)]
pub struct ChangePassword {
    ports: Ports,
    settings: Settings,
}

/// The input of [`ChangePassword::run`].
#[derive(Debug)]
pub struct ChangePasswordCommand {
    /// The current password, as the user typed it.
    pub current_password: Password,
    /// The new password.
    pub new_password: NewPassword,
}

/// Errors returned by [`ChangePassword::run`] and [`ChangePassword::renewing`]. The password is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// [`Forbidden::EMAIL_UNVERIFIED`], if the settings require a verified email address and the caller's is not verified; or
    /// [`Forbidden::PASSWORD_CHANGE`], if the account has no password.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The current password is incorrect.
    #[error("the current password is incorrect")]
    PasswordIncorrect,
    /// The new password is too easy to guess.
    #[error("the new password is too easy to guess")]
    PasswordTooCommon,
    /// The session sent too many incorrect passwords, or the account changed its password too often.
    #[error(transparent)]
    TooManyFailures(#[from] RetryAfter),
    /// The caller's session ended after the request was authenticated.
    #[error("the session has ended")]
    SessionEnded,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ChangePasswordError: StorageError, HashError);
fails_renewal!(ChangePasswordError);
fails_check!(ChangePasswordError);

impl ChangePassword {
    /// The maximum remaining lifetime of a session whose client changed the password and keeps its tokens.
    pub const SESSION_GOES_ON_FOR: Duration = Duration::DAY;

    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Changes the password for a client that keeps its tokens.
    ///
    /// An attacker may have copies of the tokens. Reuse of the refresh token is detected once both the client and the
    /// attacker have used it. Because the user's client might not be used again, the session ends after
    /// [`Self::SESSION_GOES_ON_FOR`] at the latest.
    ///
    /// # Errors
    /// See [`ChangePasswordError`].
    #[instrument(level = "debug", name = "change_password", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        command: ChangePasswordCommand,
    ) -> Result<(), ChangePasswordError> {
        let (verified, new) = self.verify(caller, command).await?;
        let (user, id) = (caller.user.id, caller.session_id);
        let mut work = self.store(caller, verified, &new).await?;
        if !work.sessions().end_by(id, new.at + Self::SESSION_GOES_ON_FOR).await? {
            // Revoked after it was authenticated, or because of too many incorrect passwords.
            return Err(ChangePasswordError::SessionEnded);
        }
        let reason = SessionEndReason::PasswordChanged;
        let ended = work.sessions().end_all(user, Some(id), reason, new.at).await?;
        self.finish(work, caller, id, ended).await
    }

    /// Changes the password for a client that accepts new tokens. All sessions end, and a new one is opened, so that
    /// copies of the client's tokens are no longer valid.
    ///
    /// # Errors
    /// See [`ChangePasswordError`].
    #[instrument(level = "debug", name = "change_password_and_renew_session", skip_all)]
    pub async fn renewing(
        &self,
        caller: &Caller,
        command: ChangePasswordCommand,
    ) -> Result<Renewed, ChangePasswordError> {
        let (verified, new) = self.verify(caller, command).await?;
        let mut work = self.store(caller, verified, &new).await?;
        let how = (SessionEndReason::PasswordChanged, new.at);
        let (session, renewed, ended) =
            renew(&self.ports, &self.settings, caller, work.as_mut(), how).await?;
        self.finish(work, caller, session.id, ended).await?;
        Ok(renewed)
    }

    /// Verifies the current password, and returns its version and the hash of the new one.
    async fn verify(
        &self,
        caller: &Caller,
        command: ChangePasswordCommand,
    ) -> Result<(u32, NewHash), ChangePasswordError> {
        denied::require_verified_email(caller, &self.settings)?;
        let user = &caller.user;
        let stored = self.ports.storage.connect().await?.users().password(user.id).await?;
        let stored = stored.ok_or(Forbidden::PASSWORD_CHANGE)?;
        let current = command.current_password;
        current::check(&self.ports, caller, current, stored.hash).await?;

        // Each change sends an email and costs two hashes, wherever the request comes from.
        self.ports.limiter.take(Limit::Mail, &format!("user:{}", user.id)).await?;

        let password = &command.new_password;
        if is_too_common(&self.ports, password, &user.email, &user.username).await {
            return Err(ChangePasswordError::PasswordTooCommon);
        }
        let hash =
            self.ports.hasher.hash(password.as_password().clone(), Priority::Recognized).await?;
        let (from, at) = (caller.client.own_ip_prefix(), self.ports.clock.now());
        Ok((stored.version, NewHash { hash, from, at }))
    }

    /// Replaces the password, unless it was changed too often. The calling method has to end the sessions.
    async fn store(
        &self,
        caller: &Caller,
        verified: u32,
        new: &NewHash,
    ) -> Result<Box<dyn UnitOfWork>, ChangePasswordError> {
        let user = &caller.user;
        let mut work = self.ports.storage.begin().await?;
        let allowance = Allowance::invalidations_for(&user.email, new.at);
        if !work.outbox().take(&allowance).await? {
            return Err(allowance.retry_after(new.at).into());
        }
        // A reset link that an attacker requested must not outlive the change. Invalidated first, because a reset locks
        // these rows in this order.
        work.one_time_tokens().void(OneTimePurpose::ResetPassword, user.id, new.at).await?;
        // The database checks again: the password may have been reset while the new one was hashed.
        if !work.users().change_password(user.id, verified, new).await? {
            return Err(ChangePasswordError::PasswordIncorrect);
        }
        Ok(work)
    }

    async fn finish(
        &self,
        mut work: Box<dyn UnitOfWork>,
        caller: &Caller,
        session_id: SessionId,
        ended: usize,
    ) -> Result<(), ChangePasswordError> {
        let user = &caller.user;
        enqueue_limited(work.as_mut(), &notice(&self.ports, user)).await?;
        let kind = AuditKind::PasswordChanged;
        let (client, org, id) = (&caller.client, caller.org_id(), Some(session_id));
        let event = audit::event(&self.ports, kind, client, user.id, org, id);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user.id, sessions_ended = ended, "password changed");
        Ok(())
    }
}
