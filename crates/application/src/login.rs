//! Signing in with a password.

mod attempts;

use std::time::Duration;

use doorward_domain::{
    MailId, OrgId, SessionId, UserId,
    audit::AuditKind,
    client::Client,
    error::chain,
    mail::{MailSender, MailSubject, OutboxEntry},
    password::{Password, PasswordHash, StoredPassword},
    ports::{
        Against, HashError, Priority, RetryAfter, SigningFailed, StorageError, Verification,
        VerifiedPassword,
    },
    session::{Session, SessionLifetimes, SessionState},
    token::{TokenPurpose, TokenRef},
    user::{ClientEvidence, Credentials, LoginName, User},
};
use time::OffsetDateTime;
use tracing::instrument;

use self::attempts::Attempt;
use crate::{
    Failure, Ports, Settings, audit,
    authorize::Forbidden,
    devices,
    failure::fails_with,
    outbox::enqueue_limited,
    register::SignedIn,
    tokens::{self, Grant},
};

/// How long it takes to look an account up, whether there is one or not.
const LOOKUP: Duration = Duration::from_millis(3);

/// Signs a person in.
#[derive(Debug)]
pub struct Login {
    ports: Ports,
    settings: Settings,
}

/// What a person gives to sign in.
#[derive(Debug)]
pub struct LoginCommand {
    /// The user name or e-mail address, as it was typed.
    pub name: String,
    /// The password, as it was typed.
    pub password: Password,
    /// The device token of an earlier sign-in, if the client has one.
    pub device_token: Option<String>,
    /// Where the request comes from.
    pub client: Client,
}

/// An account, and a password of it that was verified.
pub(crate) struct Verified {
    pub(crate) found: Credentials,
    pub(crate) client: Client,
    device: Option<TokenRef>,
    attempt: Attempt,
    stored: StoredPassword,
    /// The password, where it is to be hashed with today's parameters.
    stale: Option<Password>,
}

/// Nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// There is no such account, or it is another password, or it has none. Which one of these is
    /// not said.
    #[error("name or password is wrong")]
    Rejected,
    /// The password is right, and the account may not be used.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The account saw too many wrong passwords.
    #[error(transparent)]
    TooManyFailures(#[from] RetryAfter),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(LoginError: StorageError, HashError, SigningFailed);

impl Login {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case. An account that does not exist costs the same work as one that does.
    ///
    /// # Errors
    /// See [`LoginError`].
    #[instrument(level = "debug", name = "login", skip_all)]
    pub async fn run(&self, command: LoginCommand) -> Result<SignedIn, LoginError> {
        let verified = self.compare(command).await?;
        if let Err(forbidden) = self.admit(&verified.found.user) {
            // The response tells that the password was right.
            self.confirm(verified).await?;
            return Err(forbidden.into());
        }
        self.open(verified).await
    }

    /// Verifies the password, by all limits of a sign-in, also for what opens no session. Whether the account may be used
    /// is asked by [`Self::admit`].
    pub(crate) async fn verify(&self, command: LoginCommand) -> Result<Verified, LoginError> {
        let verified = self.compare(command).await?;
        self.confirm(verified).await
    }

    /// Judges the cap again, as the statement does that opens a session: attempts that waited for their hashes together
    /// may be more, and no response is to tell that one of them was right.
    async fn confirm(&self, mut verified: Verified) -> Result<Verified, LoginError> {
        let Verified { found, client, device, .. } = &verified;
        let again = self.find(found.user.username.as_str(), client, *device).await?;
        if !again.is_some_and(|again| again.is_open()) {
            return Err(self.rejected(Some(found.user.id), client).await?);
        }
        verified.attempt.has_not_failed(&*self.ports.limiter).await;
        Ok(verified)
    }

    async fn compare(&self, command: LoginCommand) -> Result<Verified, LoginError> {
        let LoginCommand { name, password, device_token, client } = command;
        let device = device_token.and_then(|token| self.device(&token));
        // Asked first, so that a burst of sign-ins costs no query for each that is rejected. Whose device it is shows
        // later.
        if self.ports.hasher.is_full(priority(device.is_some())) {
            return Err(LoginError::Failure(Failure::Busy));
        }
        let looked_up = self.ports.clock.timer(LOOKUP);
        let found = self.find(&name, &client, device).await?;

        // Reading an account takes longer than finding none, by as much as there is to read.
        looked_up.await;

        let limiter = &*self.ports.limiter;
        let mut attempt = Attempt::count(limiter, &name, found.as_ref(), &client, device).await?;
        let is_open = attempt.is_checked && found.as_ref().is_none_or(Credentials::is_open);
        let stored = found.as_ref().and_then(|found| found.password.clone());
        let against = match &stored {
            Some(stored) => Against::Hash(stored.hash.clone()),
            None => Against::Nothing { name: name_key(&name) },
        };
        let priority = priority(found.as_ref().is_some_and(|found| found.knows_device));
        let verified = self.ports.hasher.verify(password.clone(), against, priority).await;
        let verification = match verified {
            // A locked-out account rejects every password, so that the response can't confirm a guess.
            Ok(_) if !is_open => Ok(Verification::Wrong),
            other => other,
        };
        if verification.is_err() {
            attempt.has_not_failed(limiter).await;
        }
        let (Some(found), verification) = (found, verification?) else {
            return Err(self.rejected(None, &client).await?);
        };
        let user_id = Some(found.user.id);
        if verification == Verification::Wrong {
            let rejected = self.rejected(user_id, &client).await?;
            if let Some(device) = device.filter(|_| found.knows_device) {
                devices::count_failure(&self.ports, found.user.id, device, &client).await?;
            }
            return Err(rejected);
        }
        let Some(stored) = stored else { return Err(self.rejected(user_id, &client).await?) };
        let stale = (verification == Verification::RightButStale).then_some(password);
        Ok(Verified { found, client, device, attempt, stored, stale })
    }

    /// Opens a session for an account that was verified and admitted.
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

    /// What a device token names.
    fn device(&self, token: &str) -> Option<TokenRef> {
        self.ports.opaque_tokens.open(TokenPurpose::Device, token)
    }

    async fn find(
        &self,
        name: &str,
        client: &Client,
        device: Option<TokenRef>,
    ) -> Result<Option<Credentials>, StorageError> {
        let Ok(name) = LoginName::parse(name) else { return Ok(None) };
        let evidence =
            ClientEvidence { network: client.own_network(), device, now: self.ports.clock.now() };
        self.ports.storage.connect().await?.users().credentials(&name, &evidence).await
    }

    /// Returns an error if the account may not be used, as it is or for now.
    pub(crate) fn admit(&self, user: &User) -> Result<(), Forbidden> {
        if !user.is_active() {
            return Err(Forbidden::ACCOUNT_DISABLED);
        }
        if self.settings.require_verified_email && !user.is_verified() {
            return Err(Forbidden::EMAIL_UNVERIFIED);
        }
        Ok(())
    }

    /// Stores the password with today's parameters. That this fails is no reason to turn away a
    /// person with the right password.
    async fn rehash(&self, user_id: UserId, password: Password, old: &PasswordHash) {
        let outcome: Result<bool, Failure> = async {
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
        found: Credentials,
        version: u32,
        client: &Client,
    ) -> Result<SignedIn, LoginError> {
        let now = self.ports.clock.now();
        let session = new_session(
            SessionId::from_uuid(self.ports.ids.next()),
            found.user.id,
            found.workspace.map(|(org, _)| org),
            client,
            self.settings.sessions,
            now,
        );
        // Signed before the session is opened: what fails here leaves none behind.
        let grant = Grant {
            user_id: found.user.id,
            session_id: session.id,
            workspace: found.workspace,
            is_platform_admin: found.user.is_platform_admin,
            email_verified: found.user.is_verified(),
        };
        let tokens =
            tokens::pair(&self.ports, self.settings.access_lifetime, &grant, session.generation)?;

        let kind = AuditKind::LoggedIn;
        let (user_id, id) = (found.user.id, Some(session.id));
        let event = audit::event(&self.ports, kind, client, user_id, session.org_id, id);
        // Judged again by the database: attempts that waited for their hashes together may be more than the cap.
        let verified = VerifiedPassword { version, failures_cap: found.failures_cap() };
        let mut work = self.ports.storage.begin().await?;
        if !work.sessions().open_by_password(&session, verified).await? {
            drop(work);
            // The password was changed, the account disabled, or too much tried, while it was verified.
            return Err(self.rejected(Some(user_id), client).await?);
        }
        work.audit().record(&event).await?;
        if found.is_suspicious() {
            let warning = OutboxEntry {
                id: MailId::from_uuid(self.ports.ids.next()),
                to: found.user.email.clone(),
                subject: MailSubject::SuspiciousSignIn(session.id),
                sender: MailSender::recipient(&found.user.email),
                created_at: now,
                attempts: 0,
            };
            enqueue_limited(work.as_mut(), &warning).await?;
        }
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %found.user.id, session_id = %session.id, "signed in");
        let user = User { last_login_at: Some(now), ..found.user };
        let device_token = tokens::device(&self.ports, session.id);
        Ok(SignedIn { user, role: found.workspace.map(|(_, role)| role), tokens, device_token })
    }

    /// Writes a refusal down, whosever account it is, if it is anybody's: the same work for all.
    async fn rejected(
        &self,
        user_id: Option<UserId>,
        client: &Client,
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

/// The form in which names are compared; what can't be a name is its own.
fn name_key(name: &str) -> String {
    LoginName::parse(name).map_or_else(|_| name.to_owned(), |name| name.key())
}

pub(crate) fn new_session(
    id: SessionId,
    user_id: UserId,
    org_id: Option<OrgId>,
    client: &Client,
    lifetimes: SessionLifetimes,
    now: OffsetDateTime,
) -> Session {
    Session {
        id,
        user_id,
        org_id,
        generation: Session::FIRST_GENERATION,
        created_at: now,
        rotated_at: now,
        idle_expires_at: now + lifetimes.idle,
        expires_at: now + lifetimes.absolute,
        network: client.network(),
        user_agent: client.user_agent.clone(),
        last_network: client.network(),
        last_user_agent: client.user_agent.clone(),
        state: SessionState::Live,
    }
}
