//! Changing one's password.

use doorward_domain::{
    SessionId,
    audit::AuditKind,
    one_time_token::OneTimePurpose,
    password::{NewHash, NewPassword, Password},
    ports::{HashError, Limit, Priority, RetryAfter, StorageError, UnitOfWork},
    session::SessionEnd,
};
use time::Duration;
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings, audit,
    authorize::{self, Forbidden},
    current_password::{self, fails_check},
    failure::fails_with,
    new_password::is_too_common,
    outbox::enqueue_limited,
    renew::{Renewed, fails_renewal, renew},
    reset_password::notice,
};

/// Replaces the caller's password, and ends every other session.
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
    /// The caller's session was ended since it was authenticated, and is not renewed.
    #[error("the session has ended")]
    SessionEnded,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ChangePasswordError: StorageError, HashError);
fails_renewal!(ChangePasswordError);
fails_check!(ChangePasswordError);

impl ChangePassword {
    /// For how long a session goes on at most whose client changed the password and keeps its tokens.
    pub const SESSION_GOES_ON_FOR: Duration = Duration::DAY;

    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case for a client that goes on with the tokens that it has.
    ///
    /// Someone else may have copies of them. A copy of the refresh token is found out when both have been used; the
    /// session ends after [`Self::SESSION_GOES_ON_FOR`] in any case, since it may be the user's client that is not
    /// used again.
    ///
    /// # Errors
    /// See [`ChangePasswordError`].
    #[instrument(level = "debug", name = "change password", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        command: ChangePasswordCommand,
    ) -> Result<(), ChangePasswordError> {
        let (verified, new) = self.verify(caller, command).await?;
        let (user, id) = (caller.user.id, caller.session_id);
        let mut work = self.store(caller, verified, &new).await?;
        if !work.sessions().end_by(id, new.at + Self::SESSION_GOES_ON_FOR).await? {
            // Revoked since it was authenticated, or by too many wrong passwords.
            return Err(ChangePasswordError::SessionEnded);
        }
        let reason = SessionEnd::PasswordChanged;
        let ended = work.sessions().end_all(user, Some(id), reason, new.at).await?;
        self.finish(work, caller, id, ended).await
    }

    /// Runs the use case for a client that takes new tokens: all sessions end, and a new one is opened, so that copies
    /// of the client's tokens open nothing from then on.
    ///
    /// # Errors
    /// See [`ChangePasswordError`].
    #[instrument(level = "debug", name = "change password and renew session", skip_all)]
    pub async fn renewing(
        &self,
        caller: &Caller,
        command: ChangePasswordCommand,
    ) -> Result<Renewed, ChangePasswordError> {
        let (verified, new) = self.verify(caller, command).await?;
        let mut work = self.store(caller, verified, &new).await?;
        let how = (SessionEnd::PasswordChanged, new.at);
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
        authorize::verified(caller, &self.settings)?;
        let user = &caller.user;
        let stored = self.ports.storage.connect().await?.users().password(user.id).await?;
        let stored = stored.ok_or(Forbidden::PASSWORD_CHANGE)?;
        let current = command.current_password;
        current_password::check(&self.ports, caller, current, stored.hash).await?;

        // Each change sends an email and costs two hashes, wherever the request comes from.
        self.ports.limiter.take(Limit::Mail, &format!("user:{}", user.id)).await?;

        let password = &command.new_password;
        if is_too_common(&self.ports, password, &user.email, &user.username).await {
            return Err(ChangePasswordError::PasswordTooCommon);
        }
        let hash =
            self.ports.hasher.hash(password.as_password().clone(), Priority::Recognized).await?;
        let (from, at) = (caller.client.own_network(), self.ports.clock.now());
        Ok((stored.version, NewHash { hash, from, at }))
    }

    /// Replaces the password. The sessions are the caller's matter.
    async fn store(
        &self,
        caller: &Caller,
        verified: u32,
        new: &NewHash,
    ) -> Result<Box<dyn UnitOfWork>, ChangePasswordError> {
        let user = &caller.user;
        let mut work = self.ports.storage.begin().await?;
        // A reset link that somebody else asked for must not outlive the change. First, as a reset
        // takes these rows in this order.
        work.one_time_tokens().void(OneTimePurpose::ResetPassword, user.id, new.at).await?;
        // Judged again by the database: it may have been reset while the new one was hashed.
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
