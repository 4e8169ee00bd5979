//! Showing that a mail reached its address.

use doorward_domain::{
    UserId,
    audit::AuditKind,
    client::Client,
    one_time_token::OneTimePurpose,
    password::Password,
    ports::{RetryAfter, StorageError, UnitOfWork},
    token::{TokenPurpose, TokenRef},
    user::User,
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{
    Failure, Ports, Settings, audit, devices,
    failure::fails_with,
    login::{Login, LoginCommand, LoginError},
};

/// Marks the address that a token was sent to as its account's own.
#[derive(Debug)]
pub struct VerifyEmail {
    ports: Ports,
    login: Login,
}

/// What a browser shows of who uses it.
#[derive(Debug, Clone, Default)]
pub struct Visitor {
    /// The user who is signed in.
    pub user_id: Option<UserId>,
    /// The device token, as it was sent.
    pub device_token: Option<String>,
}

/// Nothing was verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyEmailError {
    /// The token is wrong, expired, replaced by a newer one, or was sent to another address.
    #[error("the verification token is not valid")]
    Rejected,
    /// The password is incorrect.
    #[error("the password is incorrect")]
    PasswordIncorrect,
    /// Too many passwords were wrong.
    #[error(transparent)]
    TooManyFailures(#[from] RetryAfter),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(VerifyEmailError: StorageError);

impl From<LoginError> for VerifyEmailError {
    fn from(error: LoginError) -> Self {
        match error {
            // A password says nothing about whether the account may be used.
            LoginError::Rejected | LoginError::Forbidden(_) => Self::PasswordIncorrect,
            LoginError::TooManyFailures(retry) => Self::TooManyFailures(retry),
            LoginError::Failure(failure) => Self::Failure(failure),
        }
    }
}

const PURPOSE: OneTimePurpose = OneTimePurpose::VerifyEmail;

impl VerifyEmail {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), login: Login::new(ports, settings) }
    }

    /// Returns `true` if the visitor registered the account, or no one else can have: then a link from an email to its
    /// address is all that is needed. Otherwise the reader of the email may not be who knows the password, and would
    /// confirm the account of someone else.
    ///
    /// # Errors
    /// See [`VerifyEmailError`].
    #[instrument(level = "debug", name = "recognize registrant", skip_all)]
    pub async fn is_registrant(
        &self,
        token: &str,
        visitor: &Visitor,
    ) -> Result<bool, VerifyEmailError> {
        let Some(user) = self.provisional(token).await? else { return Ok(true) };
        Ok(visitor.user_id == Some(user.id)
            || devices::is_of_session(&self.ports, visitor.device_token.as_deref(), &user).await?)
    }

    /// Runs the use case for a visitor who shows by the password that the account is theirs, by all rules of a sign-in.
    ///
    /// # Errors
    /// See [`VerifyEmailError`].
    #[instrument(level = "debug", name = "verify email by password", skip_all)]
    pub async fn by_password(
        &self,
        token: &str,
        password: Password,
        visitor: Visitor,
        client: &Client,
    ) -> Result<(), VerifyEmailError> {
        if let Some(user) = self.provisional(token).await? {
            let sign_in = LoginCommand {
                name: user.email.as_str().to_owned(),
                password,
                device_token: visitor.device_token,
                client: client.clone(),
            };
            self.login.verify(sign_in).await?;
        }
        self.run(token, client).await
    }

    /// The provisional account that an open token is of.
    async fn provisional(&self, token: &str) -> Result<Option<User>, StorageError> {
        let token = self.ports.opaque_tokens.open(TokenPurpose::VerifyEmail, token);
        let Some(token) = token else { return Ok(None) };
        let mut repositories = self.ports.storage.connect().await?;
        let row = repositories.one_time_tokens().find(PURPOSE, token).await?;
        let now = self.ports.clock.now();
        let Some(row) = row.filter(|row| row.is_open(token.counter, now)) else { return Ok(None) };
        let user = repositories.users().find(row.user_id).await?;
        Ok(user.filter(|user| user.is_provisional && user.email == row.email))
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
