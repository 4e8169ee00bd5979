//! Setting a new password through a mailed link.

use doorward_domain::{
    MailId,
    audit::AuditKind,
    client::Client,
    mail::{MailSender, MailSubject, OutboxEntry},
    one_time_token::OneTimePurpose,
    password::{NewHash, NewPassword, PasswordHash},
    ports::{HashError, Priority, StorageError, UnitOfWork},
    session::SessionEnd,
    token::{PlainToken, TokenPurpose, TokenRef},
    user::User,
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{
    Failure, Ports, audit, devices, failure::fails_with, new_password::is_too_common, provisional,
    tokens,
};

/// Sets a new password, and ends every session that the old one may have opened.
///
/// A provisional account loses what it has (see decision 25), unless the client was signed in to it before: whoever
/// registered it may not have been the owner of the address.
#[derive(Debug)]
pub struct ResetPassword {
    ports: Ports,
}

/// What a person gives to set a new password.
#[derive(Debug)]
pub struct ResetPasswordCommand {
    /// The token, as it was sent.
    pub token: String,
    /// The new password.
    pub new_password: NewPassword,
    /// The device token of a client that was signed in to the account before, as it was sent.
    pub device_token: Option<String>,
    /// Where the request comes from.
    pub client: Client,
}

/// The password is the old one.
#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    /// The token is wrong, expired, used, or replaced by a newer one.
    #[error("the reset token is not valid")]
    Rejected,
    /// The new password is too easy to guess. The token is still good.
    #[error("the new password is too easy to guess")]
    PasswordTooCommon,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ResetPasswordError: StorageError, HashError);

const PURPOSE: OneTimePurpose = OneTimePurpose::ResetPassword;

impl ResetPassword {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case, and returns the device token of the client. With it the user signs in by the new password,
    /// whatever others do to the account: the sessions that known devices were known by have ended.
    ///
    /// # Errors
    /// See [`ResetPasswordError`].
    #[instrument(level = "debug", name = "reset password", skip_all)]
    pub async fn run(
        &self,
        command: ResetPasswordCommand,
    ) -> Result<PlainToken, ResetPasswordError> {
        let token = self
            .ports
            .opaque_tokens
            .open(TokenPurpose::ResetPassword, &command.token)
            .ok_or(ResetPasswordError::Rejected)?;
        let user = self.holder(token).await?.ok_or(ResetPasswordError::Rejected)?;
        let password = &command.new_password;
        if is_too_common(&self.ports, password, &user.email, &user.username).await {
            return Err(ResetPasswordError::PasswordTooCommon);
        }
        let password = password.as_password().clone();
        let hash = self.ports.hasher.hash(password, Priority::Recognized).await?;
        let device = command.device_token.as_deref().filter(|_| user.is_provisional);
        let is_registrant = devices::is_of_session(&self.ports, device, &user).await?;
        self.store(token, &user, hash, &command.client, is_registrant).await
    }

    /// The active account whose open token this is.
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

    /// Discards what the account has, if it is provisional still.
    async fn discard(
        &self,
        work: &mut dyn UnitOfWork,
        user: &User,
        client: &Client,
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        work.memberships().hold(user.id).await?;
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
        client: &Client,
        is_registrant: bool,
    ) -> Result<PlainToken, ResetPasswordError> {
        let now = self.ports.clock.now();
        let new = NewHash { hash, from: client.own_network(), at: now };
        let mut work = self.ports.storage.begin().await?;
        // Judged again by the database: it may have been used while the password was hashed.
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
        let ended = work.sessions().end_all(user.id, None, SessionEnd::PasswordReset, now).await?;
        work.outbox().enqueue(&notice(&self.ports, user)).await?;
        let kind = AuditKind::PasswordReset;
        let event = audit::event(&self.ports, kind, client, user.id, None, None);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user.id, sessions_ended = ended, "password reset");
        Ok(tokens::device_of_account(&self.ports, user.id, version))
    }
}

/// The mail that tells a person that their password changed, in case it was not them.
pub(crate) fn notice(ports: &Ports, user: &User) -> OutboxEntry {
    OutboxEntry {
        id: MailId::from_uuid(ports.ids.next()),
        to: user.email.clone(),
        subject: MailSubject::PasswordChanged,
        sender: MailSender::recipient(&user.email),
        created_at: ports.clock.now(),
        attempts: 0,
    }
}
