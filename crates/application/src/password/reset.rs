//! Resetting a password with a link from an email.

use doorward_domain::{
    MailId,
    account::user::User,
    audit::AuditKind,
    credential::password::{NewHash, NewPassword, PasswordHash},
    mail::{MailKind, MailSender, OutboxEntry},
    ports::{HashError, RetryAfter, StorageError, UnitOfWork},
    request_context::RequestContext,
    session::SessionEndReason,
    token::{PlainToken, TokenPurpose, TokenRef, one_time::OneTimePurpose},
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{
    CommonError, Ports,
    account::provisional,
    error::common_error,
    events::audit,
    password::{hash_budget, policy::is_too_common},
    sessions::tokens,
    sign_in::devices,
};

/// Sets a new password and ends all sessions of the account. The caller is authorized by the reset token. The email
/// address counts as verified afterwards.
///
/// A provisional account loses its organizations, its profile, and its platform role (see decision 25), because the
/// user who registered it might not own the email address. It keeps them if the client was signed in to the account
/// before.
#[derive(Debug)]
pub struct ResetPassword {
    ports: Ports,
}

/// The input of [`ResetPassword::run`].
#[derive(Debug)]
pub struct ResetPasswordCommand {
    /// The reset token, as the client sent it.
    pub token: String,
    /// The new password.
    pub new_password: NewPassword,
    /// The device token of a client that was signed in to the account before, as the client sent it.
    pub device_token: Option<String>,
    /// The context of the request.
    pub client: RequestContext,
}

/// Errors returned by [`ResetPassword::run`]. The password is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    /// The token is not valid, has expired, was used, or was replaced by a newer one.
    #[error("the reset token is not valid")]
    Rejected,
    /// The new password is too easy to guess. The token stays valid.
    #[error("the new password is too easy to guess")]
    PasswordTooCommon,
    /// Too many passwords were sent with links of this account.
    #[error(transparent)]
    TooManyRequests(#[from] RetryAfter),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ResetPasswordError: StorageError, HashError);

const PURPOSE: OneTimePurpose = OneTimePurpose::ResetPassword;

impl ResetPassword {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Sets the new password, and returns a device token for the client. The sessions by which other devices were
    /// recognized have ended; with this token the user can still sign in while others send incorrect passwords for the
    /// account.
    ///
    /// # Errors
    /// See [`ResetPasswordError`].
    #[instrument(level = "debug", name = "reset_password", skip_all)]
    pub async fn run(
        &self,
        command: ResetPasswordCommand,
    ) -> Result<PlainToken, ResetPasswordError> {
        let token = self
            .ports
            .opaque_tokens
            .verify(TokenPurpose::ResetPassword, &command.token)
            .ok_or(ResetPasswordError::Rejected)?;
        let user = self.holder(token).await?.ok_or(ResetPasswordError::Rejected)?;
        let password = &command.new_password;
        if is_too_common(&self.ports, password, &user.email, &user.username).await {
            return Err(ResetPasswordError::PasswordTooCommon);
        }
        let password = password.as_password().clone();
        // The token is consumed only after the hash, so concurrent requests with one token cause many hashes.
        let priority = hash_budget::of_link(&*self.ports.limiter, user.id, &command.client).await?;
        let hash = self.ports.hasher.hash(password, priority).await?;
        let device = command.device_token.as_deref().filter(|_| user.is_provisional);
        let is_registrant = devices::is_of_session(&self.ports, device, &user).await?;
        self.store(token, &user, hash, &command.client, is_registrant).await
    }

    /// Returns the active account that a valid token belongs to.
    pub(crate) async fn holder(&self, token: TokenRef) -> Result<Option<User>, StorageError> {
        let mut repositories = self.ports.storage.connect().await?;
        let row = repositories.one_time_tokens().find(PURPOSE, token).await?;
        let now = self.ports.clock.now();
        let Some(row) = row.filter(|row| row.is_open(token.counter, now)) else {
            return Ok(None);
        };
        let user = repositories.users().find(row.user_id).await?;
        Ok(user.filter(|user| user.is_active() && user.email == row.email))
    }

    /// Discards what the account has, if it is still provisional.
    async fn discard(
        &self,
        work: &mut dyn UnitOfWork,
        user: &User,
        client: &RequestContext,
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        work.memberships().lock_for_user(user.id).await?;
        match work.users().find(user.id).await? {
            Some(user) if user.is_provisional => {
                provisional::discard(&self.ports, work, &user, client, now).await
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn store(
        &self,
        token: TokenRef,
        user: &User,
        hash: PasswordHash,
        client: &RequestContext,
        is_registrant: bool,
    ) -> Result<PlainToken, ResetPasswordError> {
        let now = self.ports.clock.now();
        let new = NewHash { hash, from: client.own_ip_prefix(), at: now };
        let mut work = self.ports.storage.begin().await?;
        // The database checks again: the token may have been used while the password was hashed.
        let used = work.one_time_tokens().consume(PURPOSE, token, now).await?;
        used.ok_or(ResetPasswordError::Rejected)?;
        if user.is_provisional && !is_registrant {
            self.discard(work.as_mut(), user, client, now).await?;
        }
        let version = work.users().set_password(user.id, &new).await?;
        let version = version.ok_or(ResetPasswordError::Rejected)?;
        if !work.users().verify_email(user.id, &user.email, now).await? {
            return Err(ResetPasswordError::Rejected);
        }
        let ended =
            work.sessions().end_all(user.id, None, SessionEndReason::PasswordReset, now).await?;
        work.outbox().enqueue(&notice(&self.ports, user)).await?;
        let kind = AuditKind::PasswordReset;
        let event = audit::event(&self.ports, kind, client, user.id, None, None);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user.id, sessions_ended = ended, "password reset");
        Ok(tokens::device_of_account(&self.ports, user.id, version))
    }
}

/// Returns the email that notifies a user of a new password, in case an attacker set it.
pub(crate) fn notice(ports: &Ports, user: &User) -> OutboxEntry {
    OutboxEntry {
        id: MailId::from_uuid(ports.ids.next()),
        to: user.email.clone(),
        subject: MailKind::PasswordChanged,
        sender: MailSender::recipient(&user.email),
        created_at: ports.clock.now(),
        attempts: 0,
    }
}
