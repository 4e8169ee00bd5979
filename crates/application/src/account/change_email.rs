//! Changing the email address of an account.

use doorward_domain::{
    OrgId, SessionId,
    account::{
        email::EmailAddress,
        user::{EmailChange, User},
    },
    audit::AuditKind,
    credential::password::Password,
    mail::{Allowance, MailKind, MailSender},
    ports::{ChangeEmailError as StoreError, HashError, Limit, RetryAfter, StorageError},
    request_context::RequestContext,
    token::one_time::OneTimePurpose,
};
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::Forbidden,
    account::{resend_verification::ask, verification},
    error::common_error,
    events::audit,
    password::current::{self, fails_check},
    sign_in::{
        complete::SignedIn,
        password::{Login, LoginCommand, LoginError},
    },
};

/// Replaces the email address of an account whose address is not verified, such as a mistyped one. Requires the
/// password, but never a verified address, whatever the settings are.
#[derive(Debug)]
pub struct ChangeEmail {
    ports: Ports,
    login: Login,
}

/// The result of [`ChangeEmail::by_sign_in`].
#[derive(Debug)]
pub enum ChangedBySignIn {
    /// The address was changed.
    Changed,
    /// The account may be used, so the user was signed in instead. The address is unchanged.
    SignedIn(Box<SignedIn>),
}

/// The input of [`ChangeEmail::run`].
#[derive(Debug)]
pub struct ChangeEmailCommand {
    /// The new email address.
    pub email: EmailAddress,
    /// The account's password, as the user typed it.
    pub current_password: Password,
}

/// Errors returned by [`ChangeEmail::run`] and [`ChangeEmail::by_sign_in`]. The address is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum ChangeEmailError {
    /// [`Forbidden::EMAIL_CHANGE`]: the address is verified; or [`Forbidden::PASSWORD_CHANGE`]: the account has no
    /// password.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The password is incorrect.
    #[error("the current password is incorrect")]
    PasswordIncorrect,
    /// The username, email address, or password is incorrect.
    #[error("name or password is incorrect")]
    Rejected,
    /// Another account has this email address.
    #[error("another account has this email address")]
    EmailTaken,
    /// Too many passwords were incorrect, too many addresses were tried, or the address was changed too often on this
    /// day.
    #[error(transparent)]
    TooManyFailures(#[from] RetryAfter),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ChangeEmailError: StorageError, HashError);
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

    /// Changes the address. Links that were sent to the former address become invalid, and a verification email is
    /// queued for the new one. If the account already has the address, in this or another case, only the email is sent
    /// again, and the spelling stays. An account can change its address [`Allowance::EMAIL_CHANGES_PER_DAY`] times a
    /// day, and all accounts together can leave an address [`Allowance::INVALIDATIONS_PER_DAY`] times a day.
    ///
    /// # Errors
    /// See [`ChangeEmailError`].
    #[instrument(level = "debug", name = "change_email", skip_all)]
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
        current::check(&self.ports, caller, current_password, stored.hash).await?;
        let place = (caller.org_id(), Some(caller.session_id));
        self.change(user, email, &caller.client, place).await
    }

    /// Changes the address for a user who has no session, because signing in requires a verified address. The username
    /// (or email address) and the password authenticate the user. All limits of a sign-in apply.
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
        client: &RequestContext,
        place: (Option<OrgId>, Option<SessionId>),
    ) -> Result<(), ChangeEmailError> {
        // Another spelling of the same address is no change: it would only invalidate the links that were sent.
        if user.email.key() == email.key() {
            let to = user.email.clone();
            return Ok(ask(&self.ports, to, MailKind::VerificationRequested).await?);
        }
        // Each change sends an email to an address of the caller's choice, wherever the request comes from.
        self.ports.limiter.take(Limit::Mail, &format!("user:{}", user.id)).await?;
        let outcome = self.store(user, &email, client, place).await;
        if let Err(ChangeEmailError::EmailTaken) = outcome {
            verification::notify_owner(&self.ports, &email).await;
        }
        outcome
    }

    async fn store(
        &self,
        user: &User,
        email: &EmailAddress,
        client: &RequestContext,
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
        // Each change invalidates the links that were sent to the former address, whose owner may want to reclaim it.
        let allowances = [
            Allowance::email_changes_of(user.id, now),
            Allowance::invalidations_for(&user.email, now),
        ];
        for allowance in allowances {
            if !work.outbox().take(&allowance).await? {
                return Err(allowance.retry_after(now).into());
            }
        }
        // The tokens first, because a reset and a verification lock these rows in this order.
        work.one_time_tokens().void(OneTimePurpose::ResetPassword, user.id, now).await?;
        let whose = (user.id, email);
        let token =
            verification::issue_verification(&self.ports, work.as_mut(), whose, now).await?;
        // The database checks: the address may have been verified or changed since the caller was read.
        if !work.users().change_email(user.id, &change, now).await? {
            return Err(Forbidden::EMAIL_CHANGE.into());
        }
        let (mail, sender) = ((email, token), MailSender::user(user.id));
        verification::queue_verification(&self.ports, work.as_mut(), mail, sender, now).await?;
        let kind = AuditKind::EmailChanged;
        let event = audit::event(&self.ports, kind, client, user.id, org, session);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user.id, "email address changed");
        Ok(())
    }
}
