//! Verifying an email address.

use doorward_domain::{
    UserId,
    account::user::User,
    audit::AuditKind,
    credential::password::Password,
    ports::{Bucket, Limit, RetryAfter, StorageError, UnitOfWork},
    request_context::RequestContext,
    token::{TokenPurpose, TokenRef, one_time::OneTimePurpose},
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{
    CommonError, Ports, Settings,
    error::common_error,
    events::audit,
    sign_in::{
        devices,
        password::{Login, LoginCommand, LoginError},
    },
};

/// Marks the email address that a verification token was sent to as verified. The caller is authorized by the token.
#[derive(Debug)]
pub struct VerifyEmail {
    ports: Ports,
    login: Login,
}

/// What the browser of a request reveals about its user.
#[derive(Debug, Clone, Default)]
pub struct Visitor {
    /// The signed-in user, if any.
    pub user_id: Option<UserId>,
    /// The device token, as the client sent it.
    pub device_token: Option<String>,
}

/// Errors returned by [`VerifyEmail::run`]. The address is not verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyEmailError {
    /// The token is not valid, has expired, was replaced by a newer one, or was sent to another address.
    #[error("the verification token is not valid")]
    Rejected,
    /// The password is incorrect.
    #[error("the password is incorrect")]
    PasswordIncorrect,
    /// Too many passwords were incorrect.
    #[error(transparent)]
    TooManyFailures(#[from] RetryAfter),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(VerifyEmailError: StorageError);

impl From<LoginError> for VerifyEmailError {
    fn from(error: LoginError) -> Self {
        match error {
            // Only the password matters here, not whether the account may be used.
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

    /// Returns `true` if the visitor is known to have registered the account, or if the token belongs to no provisional
    /// account. The link from the email is then sufficient to verify the address. Otherwise the reader of the email
    /// might not be the user who registered the account and knows its password, and would confirm the account of
    /// another user.
    ///
    /// # Errors
    /// See [`VerifyEmailError`].
    #[instrument(level = "debug", name = "recognize_registrant", skip_all)]
    pub async fn is_registrant(
        &self,
        token: &str,
        visitor: &Visitor,
    ) -> Result<bool, VerifyEmailError> {
        let Some(user) = self.provisional(token).await? else { return Ok(true) };
        Ok(visitor.user_id == Some(user.id)
            || devices::is_of_session(&self.ports, visitor.device_token.as_deref(), &user).await?)
    }

    /// Verifies the address for a visitor who proves with the password that they registered the account. All limits of
    /// a sign-in apply.
    ///
    /// # Errors
    /// See [`VerifyEmailError`].
    #[instrument(level = "debug", name = "verify_email_by_password", skip_all)]
    pub async fn by_password(
        &self,
        token: &str,
        password: Password,
        visitor: Visitor,
        client: &RequestContext,
    ) -> Result<(), VerifyEmailError> {
        if let Some(user) = self.provisional(token).await? {
            let network = Bucket::of_network(Limit::Login, "", client.ip_prefix());
            let over_limit = self.ports.limiter.take_any(vec![network]).await.err();
            let sign_in = LoginCommand {
                name: user.email.as_str().to_owned(),
                password,
                device_token: visitor.device_token,
                client: client.clone(),
                over_limit,
            };
            self.login.verify(sign_in).await?;
        }
        self.run(token, client).await
    }

    /// Returns the provisional account that a valid token belongs to.
    async fn provisional(&self, token: &str) -> Result<Option<User>, StorageError> {
        let token = self.ports.opaque_tokens.verify(TokenPurpose::VerifyEmail, token);
        let Some(token) = token else { return Ok(None) };
        let mut repositories = self.ports.storage.connect().await?;
        let row = repositories.one_time_tokens().find(PURPOSE, token).await?;
        let now = self.ports.clock.now();
        let Some(row) = row.filter(|row| row.is_open(token.counter, now)) else { return Ok(None) };
        let user = repositories.users().find(row.user_id).await?;
        Ok(user.filter(|user| user.is_provisional && user.email == row.email))
    }

    /// Verifies the address. A used token succeeds again, without effect, while the address is verified: users click
    /// links twice, and mail scanners open them first.
    ///
    /// # Errors
    /// See [`VerifyEmailError`].
    #[instrument(level = "debug", name = "verify_email", skip_all)]
    pub async fn run(&self, token: &str, client: &RequestContext) -> Result<(), VerifyEmailError> {
        let token = self
            .ports
            .opaque_tokens
            .verify(TokenPurpose::VerifyEmail, token)
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
        tracing::info!(event = kind.as_str(), user_id = %used.user_id, "email address verified");
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
