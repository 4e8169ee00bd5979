//! Changing the email address of an account.

use doorward_domain::{
    OrgId, SessionId,
    audit::AuditKind,
    client::Client,
    email::EmailAddress,
    mail::{MailSender, MailSubject},
    one_time_token::OneTimePurpose,
    password::Password,
    ports::{ChangeEmailError as StoreError, HashError, Limit, RetryAfter, StorageError},
    user::{EmailChange, User},
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings, address, audit,
    authorize::Forbidden,
    current_password::{self, fails_check},
    failure::fails_with,
    login::{Login, LoginCommand, LoginError},
    register::SignedIn,
    resend_verification::ask,
};

/// Replaces the address of an account that has not verified it, such as a mistyped one. The account needs no
/// verified address for that, whatever the settings require.
#[derive(Debug)]
pub struct ChangeEmail {
    ports: Ports,
    login: Login,
}

/// What a user without a session has got.
#[derive(Debug)]
pub enum ChangedBySignIn {
    /// The address is changed.
    Changed,
    /// The account can be signed in to, and is. Its address stays.
    SignedIn(Box<SignedIn>),
}

/// The new address, and the password that shows who asks.
#[derive(Debug)]
pub struct ChangeEmailCommand {
    /// The new address.
    pub email: EmailAddress,
    /// The account's password, as it was typed.
    pub current_password: Password,
}

/// Errors returned by [`ChangeEmail::run`].
#[derive(Debug, thiserror::Error)]
pub enum ChangeEmailError {
    /// [`Forbidden::EMAIL_CHANGE`]: the address is verified; or [`Forbidden::PASSWORD_CHANGE`]: the account has no
    /// password.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The password is incorrect.
    #[error("the current password is incorrect")]
    PasswordIncorrect,
    /// The name or the password of a user without a session is incorrect.
    #[error("name or password is incorrect")]
    Rejected,
    /// Another account has the address.
    #[error("another account has the email address")]
    EmailTaken,
    /// Too many passwords were wrong, or too many addresses were tried.
    #[error(transparent)]
    TooManyFailures(#[from] RetryAfter),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ChangeEmailError: StorageError, HashError);
fails_check!(ChangeEmailError);

impl From<StoreError> for ChangeEmailError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken => Self::EmailTaken,
            StoreError::Storage(error) => error.into(),
        }
    }
}

impl From<LoginError> for ChangeEmailError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Rejected => Self::Rejected,
            LoginError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            LoginError::TooManyFailures(retry) => Self::TooManyFailures(retry),
            LoginError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl ChangeEmail {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), login: Login::new(ports, settings) }
    }

    /// Runs the use case. Links that were mailed to the former address are invalid afterwards, and a
    /// verification email goes to the new one. For the address that the account has already, only the email is
    /// sent again.
    ///
    /// # Errors
    /// See [`ChangeEmailError`].
    #[instrument(level = "debug", name = "change email", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        command: ChangeEmailCommand,
    ) -> Result<(), ChangeEmailError> {
        let ChangeEmailCommand { email, current_password } = command;
        let user = &caller.user;
        if user.is_verified() {
            return Err(Forbidden::EMAIL_CHANGE.into());
        }
        let stored = self.ports.storage.connect().await?.users().password(user.id).await?;
        let stored = stored.ok_or(Forbidden::PASSWORD_CHANGE)?;
        current_password::check(&self.ports, caller, current_password, stored.hash).await?;
        let place = (caller.org_id(), Some(caller.session_id));
        self.change(user, email, &caller.client, place).await
    }

    /// Runs the use case for a user who can't sign in until the address is verified, and so has no session: the
    /// name and the password show who asks, by all the rules of a sign-in.
    ///
    /// # Errors
    /// See [`ChangeEmailError`].
    #[instrument(level = "debug", name = "change email by sign-in", skip_all)]
    pub async fn by_sign_in(
        &self,
        sign_in: LoginCommand,
        email: EmailAddress,
    ) -> Result<ChangedBySignIn, ChangeEmailError> {
        let verified = self.login.verify(sign_in).await?;
        match self.login.admit(&verified.found.user) {
            Ok(()) => {
                let signed_in = self.login.open(verified).await?;
                Ok(ChangedBySignIn::SignedIn(Box::new(signed_in)))
            }
            Err(Forbidden::EMAIL_UNVERIFIED) => {
                self.change(&verified.found.user, email, &verified.client, (None, None)).await?;
                Ok(ChangedBySignIn::Changed)
            }
            Err(forbidden) => Err(forbidden.into()),
        }
    }

    async fn change(
        &self,
        user: &User,
        email: EmailAddress,
        client: &Client,
        place: (Option<OrgId>, Option<SessionId>),
    ) -> Result<(), ChangeEmailError> {
        if user.email == email {
            return Ok(ask(&self.ports, email, MailSubject::VerificationRequested).await?);
        }
        // Each change sends an email to an address of the caller's choice, wherever the request comes from.
        self.ports.limiter.take(Limit::Mail, &format!("user:{}", user.id)).await?;
        let outcome = self.store(user, &email, client, place).await;
        if let Err(ChangeEmailError::EmailTaken) = outcome {
            address::tell_owner(&self.ports, &email).await;
        }
        outcome
    }

    async fn store(
        &self,
        user: &User,
        email: &EmailAddress,
        client: &Client,
        (org, session): (Option<OrgId>, Option<SessionId>),
    ) -> Result<(), ChangeEmailError> {
        let now = self.ports.clock.now();
        let change = EmailChange {
            from: user.email.clone(),
            to: email.clone(),
            unverified_only: true,
            verified_at: None,
        };
        let mut work = self.ports.storage.begin().await?;
        // The tokens first, as a reset and a verification take these rows in this order.
        work.one_time_tokens().void(OneTimePurpose::ResetPassword, user.id, now).await?;
        let whose = (user.id, email);
        let token = address::issue_verification(&self.ports, work.as_mut(), whose, now).await?;
        // Judged by the database: the address may have been verified, or changed, since the caller was read.
        if !work.users().change_email(user.id, &change, now).await? {
            return Err(Forbidden::EMAIL_CHANGE.into());
        }
        let (mail, sender) = ((email, token), MailSender::user(user.id));
        address::queue_verification(&self.ports, work.as_mut(), mail, sender, now).await?;
        let kind = AuditKind::EmailChanged;
        let event = audit::event(&self.ports, kind, client, user.id, org, session);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user.id, "email address changed");
        Ok(())
    }
}
