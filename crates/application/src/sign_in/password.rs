//! Signing in with a password.

mod attempts;

use std::time::Duration;

use doorward_domain::{
    MailId, UserId,
    account::user::{ClientEvidence, LoginCandidate, LoginIdentifier, User},
    audit::AuditKind,
    credential::password::{Password, PasswordHash, StoredPassword},
    error::chain,
    mail::{MailKind, MailSender, OutboxEntry},
    ports::{
        HashError, Priority, RetryAfter, SigningFailed, StorageError, Verification,
        VerifiedPassword, VerifyTarget,
    },
    request_context::RequestContext,
    token::{TokenPurpose, TokenRef},
};
use tracing::instrument;

use self::attempts::Attempt;
use crate::{
    CommonError, Ports, Settings,
    access::denied::Forbidden,
    error::common_error,
    events::audit,
    mail::enqueue::enqueue_limited,
    sign_in::{
        complete::{NewSession, SignedIn},
        devices,
    },
};

/// The minimum duration of an account lookup, so that its timing doesn't reveal whether the account exists.
const LOOKUP: Duration = Duration::from_millis(3);

/// Signs a user in with a username or email address and a password.
#[derive(Debug)]
pub struct Login {
    ports: Ports,
    settings: Settings,
}

/// The input of [`Login::run`].
#[derive(Debug)]
pub struct LoginCommand {
    /// The username or email address, as the user typed it.
    pub name: String,
    /// The password, as the user typed it.
    pub password: Password,
    /// The device token of an earlier sign-in, if the client has one.
    pub device_token: Option<String>,
    /// The context of the request.
    pub client: RequestContext,
    /// When to retry, if the client's network has reached its limit of sign-ins. Then only a device that the account
    /// knows can sign in, so that other clients in the network can't lock the user out.
    pub over_limit: Option<RetryAfter>,
}

/// An account whose password was verified.
pub(crate) struct Verified {
    pub(crate) found: LoginCandidate,
    pub(crate) client: RequestContext,
    device: Option<TokenRef>,
    attempt: Attempt,
    stored: StoredPassword,
    /// The password, if it has to be rehashed with the current parameters.
    stale: Option<Password>,
}

/// Errors returned by [`Login::run`].
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The account doesn't exist, it has no password or another one, or it rejects all passwords from this client after
    /// too many failures. The error doesn't reveal which.
    #[error("name or password is incorrect")]
    Rejected,
    /// The password is correct, but the account is disabled or its email address has to be verified first.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Too many incorrect passwords were sent. The error states when to try again.
    #[error(transparent)]
    TooManyFailures(#[from] RetryAfter),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(LoginError: StorageError, HashError, SigningFailed);

impl Login {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Verifies the password and opens a session. An account that doesn't exist costs the same work as one that does.
    ///
    /// # Errors
    /// See [`LoginError`].
    #[instrument(level = "debug", name = "login", skip_all)]
    pub async fn run(&self, command: LoginCommand) -> Result<SignedIn, LoginError> {
        let verified = self.compare(command).await?;
        if let Err(forbidden) = self.admit(&verified.found.user) {
            // The response reveals that the password is correct, so the failure cap has to hold here as well.
            self.confirm(verified).await?;
            return Err(forbidden.into());
        }
        self.open(verified).await
    }

    /// Verifies the password under all limits of a sign-in, without opening a session. Doesn't check whether the
    /// account may be used; see [`Self::admit`].
    pub(crate) async fn verify(&self, command: LoginCommand) -> Result<Verified, LoginError> {
        let verified = self.compare(command).await?;
        self.confirm(verified).await
    }

    /// Checks the failure cap again, as the statement that opens a session does. Concurrent attempts that waited for
    /// their hashes may exceed the cap together, and no response may reveal that one of them was correct.
    async fn confirm(&self, mut verified: Verified) -> Result<Verified, LoginError> {
        let Verified { found, client, device, .. } = &verified;
        let again = self.find(found.user.username.as_str(), client, *device).await?;
        if !again.is_some_and(|again| again.is_login_allowed()) {
            return Err(self.rejected(Some(found.user.id), client).await?);
        }
        verified.attempt.has_not_failed(&*self.ports.limiter).await;
        Ok(verified)
    }

    async fn compare(&self, command: LoginCommand) -> Result<Verified, LoginError> {
        let LoginCommand { name, password, device_token, client, over_limit } = command;
        let device = device_token.and_then(|token| self.device(&token));
        // Checked first, so that in a burst of sign-ins a rejected one costs no query. Whether the account knows the
        // device is checked later.
        if self.ports.hasher.is_saturated(priority(device.is_some())) {
            return Err(LoginError::Failure(CommonError::Busy));
        }
        let looked_up = self.ports.clock.timer(LOOKUP);
        let found = self.find(&name, &client, device).await?;

        // Reading an account takes longer than finding none. Waiting for the timer hides the difference.
        looked_up.await;

        let limiter = &*self.ports.limiter;
        let mut attempt =
            Attempt::count(limiter, &name, found.as_ref(), &client, device, over_limit).await?;
        let is_open =
            attempt.is_checked && found.as_ref().is_none_or(LoginCandidate::is_login_allowed);
        let stored = found.as_ref().and_then(|found| found.password.clone());
        let against = match &stored {
            Some(stored) => VerifyTarget::Hash(stored.hash.clone()),
            None => VerifyTarget::Decoy { name: name_key(&name) },
        };
        let verified = self.ports.hasher.verify(password.clone(), against, attempt.priority).await;
        let verification = match verified {
            // A locked-out account rejects every password, so that the response can't confirm a guess.
            Ok(_) if !is_open => Ok(Verification::Mismatch),
            other => other,
        };
        if verification.is_err() {
            attempt.has_not_failed(limiter).await;
        }
        let (Some(found), verification) = (found, verification?) else {
            return Err(self.rejected(None, &client).await?);
        };
        let user_id = Some(found.user.id);
        if verification == Verification::Mismatch {
            let rejected = self.rejected(user_id, &client).await?;
            if let Some(device) = device.filter(|_| found.is_known_device) {
                devices::count_failure(&self.ports, found.user.id, device, &client).await?;
            }
            return Err(rejected);
        }
        let Some(stored) = stored else { return Err(self.rejected(user_id, &client).await?) };
        let stale = (verification == Verification::MatchNeedsRehash).then_some(password);
        Ok(Verified { found, client, device, attempt, stored, stale })
    }

    /// Opens a session for an account whose password was verified and that may be used.
    pub(crate) async fn open(&self, verified: Verified) -> Result<SignedIn, LoginError> {
        let Verified { found, client, mut attempt, stored, stale, .. } = verified;
        let user_id = found.user.id;
        let outcome = self.open_session(found, stored.version, &client).await;
        if !matches!(outcome, Err(LoginError::Rejected)) {
            attempt.has_not_failed(&*self.ports.limiter).await;
        }
        let signed_in = outcome?;
        if let Some(password) = stale {
            self.rehash(user_id, password, &stored.hash).await;
        }
        Ok(signed_in)
    }

    /// Returns what a device token refers to, or `None` if the token is not valid.
    fn device(&self, token: &str) -> Option<TokenRef> {
        self.ports.opaque_tokens.verify(TokenPurpose::Device, token)
    }

    async fn find(
        &self,
        name: &str,
        client: &RequestContext,
        device: Option<TokenRef>,
    ) -> Result<Option<LoginCandidate>, StorageError> {
        let Ok(name) = LoginIdentifier::parse(name) else { return Ok(None) };
        let evidence =
            ClientEvidence { network: client.own_ip_prefix(), device, now: self.ports.clock.now() };
        self.ports.storage.connect().await?.users().login_candidate(&name, &evidence).await
    }

    /// Returns an error if the account is disabled, or has to verify its email address first.
    pub(crate) fn admit(&self, user: &User) -> Result<(), Forbidden> {
        if !user.is_active() {
            return Err(Forbidden::ACCOUNT_DISABLED);
        }
        if self.settings.require_verified_email && !user.is_verified() {
            return Err(Forbidden::EMAIL_UNVERIFIED);
        }
        Ok(())
    }

    /// Rehashes the password with the current parameters. A failure is only logged: the password is correct, so the
    /// sign-in succeeds.
    async fn rehash(&self, user_id: UserId, password: Password, old: &PasswordHash) {
        let outcome: Result<bool, CommonError> = async {
            let new = self.ports.hasher.hash(password, Priority::Recognized).await?;
            let mut repositories = self.ports.storage.connect().await?;
            Ok(repositories.users().rehash_password(user_id, old, &new).await?)
        }
        .await;
        match outcome {
            Ok(replaced) => tracing::info!(%user_id, replaced, "password hash renewed"),
            Err(error) => {
                tracing::warn!(%user_id, error = %chain(&error), "password hash not renewed");
            }
        }
    }

    async fn open_session(
        &self,
        found: LoginCandidate,
        version: u32,
        client: &RequestContext,
    ) -> Result<SignedIn, LoginError> {
        let now = self.ports.clock.now();
        let new = NewSession::create(
            &self.ports,
            &self.settings,
            &found.user,
            found.workspace,
            client,
            now,
        )?;
        let session = &new.session;

        let kind = AuditKind::LoggedIn;
        let (user_id, id) = (found.user.id, Some(session.id));
        let event = audit::event(&self.ports, kind, client, user_id, session.org_id, id);
        // The database checks the cap again: concurrent attempts that waited for their hashes may exceed it together.
        let verified = VerifiedPassword { version, failures_cap: found.failures_cap() };
        let mut work = self.ports.storage.begin().await?;
        if !new.open_by_password(work.as_mut(), verified).await? {
            drop(work);
            // While the password was verified, it was changed, the account was disabled, or the cap was reached.
            return Err(self.rejected(Some(user_id), client).await?);
        }
        work.audit().record(&event).await?;
        if found.is_suspicious() {
            let warning = OutboxEntry {
                id: MailId::from_uuid(self.ports.ids.next()),
                to: found.user.email.clone(),
                subject: MailKind::SuspiciousSignIn(session.id),
                sender: MailSender::recipient(&found.user.email),
                created_at: now,
                attempts: 0,
            };
            enqueue_limited(work.as_mut(), &warning).await?;
        }
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %found.user.id, session_id = %session.id, "signed in");
        Ok(new.signed_in(found.user))
    }

    /// Records a rejected sign-in. The work is the same whether the account exists or not.
    async fn rejected(
        &self,
        user_id: Option<UserId>,
        client: &RequestContext,
    ) -> Result<LoginError, StorageError> {
        let kind = AuditKind::LoginFailed;
        let event = audit::failure(&self.ports, kind, client, user_id);
        self.ports.storage.connect().await?.audit().record(&event).await?;
        let user_id = user_id.map(tracing::field::display);
        tracing::info!(event = kind.as_str(), user_id, "sign-in refused");
        Ok(LoginError::Rejected)
    }
}

fn priority(is_recognized: bool) -> Priority {
    if is_recognized { Priority::Recognized } else { Priority::Unrecognized }
}

/// Returns the form in which names are compared. Text that is not a valid name is returned unchanged.
fn name_key(name: &str) -> String {
    LoginIdentifier::parse(name).map_or_else(|_| name.to_owned(), |name| name.key())
}
