//! Making an account.

use doorward_domain::{
    InviteId, OrgId, SessionId, UserId,
    audit::AuditKind,
    client::Client,
    email::EmailAddress,
    invite::Invite,
    mail::MailSender,
    membership::Membership,
    org::Org,
    password::{NewPassword, PasswordHash},
    ports::{HashError, InsertUserError, Priority, SigningFailed, StorageError, UnitOfWork},
    profile::{FullName, Profile},
    role::Role,
    session::Session,
    token::{PlainToken, TokenPair, TokenPurpose},
    user::User,
    username::Username,
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{
    Failure, Ports, Settings, address, audit,
    authorize::Forbidden,
    failure::fails_with,
    login::new_session,
    new_password::is_too_common,
    tokens::{self, Grant},
};

/// Makes an account with an organisation of its own, and signs it in.
#[derive(Debug)]
pub struct Register {
    ports: Ports,
    settings: Settings,
}

/// What a person gives to register.
#[derive(Debug)]
pub struct RegisterCommand {
    /// Where mail goes.
    pub email: EmailAddress,
    /// The name to sign in with.
    pub username: Username,
    /// The password to sign in with.
    pub password: NewPassword,
    /// The person's name.
    pub full_name: Option<FullName>,
    /// The token of an invite, as it was sent.
    pub invite_token: Option<String>,
    /// Where the request comes from.
    pub client: Client,
}

/// A person who is signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// The account.
    pub user: User,
    /// The person's role in the organisation that the session opened in.
    pub role: Option<Role>,
    /// The tokens.
    pub tokens: TokenPair,
    /// Shows at later sign-ins that this client has signed in before, so that nobody else's failures
    /// count against it. It opens nothing.
    pub device_token: PlainToken,
}

/// What is wrong with a registration that is well-formed, in the order of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegisterIssue {
    /// There is an account with this e-mail address.
    EmailTaken,
    /// The invite is for another e-mail address.
    InviteEmailMismatch,
    /// There is an account with this user name.
    UsernameTaken,
    /// The password is too easy to guess.
    PasswordTooCommon,
    /// The invite was used, revoked, is past its time, or never was.
    InviteInvalid,
}

/// No account was made.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Registration is closed.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Something can be mended, in the order of the fields.
    #[error("the registration has to be mended: {0:?}")]
    Refused(Vec<RegisterIssue>),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(RegisterError: StorageError, HashError, SigningFailed);

impl From<InsertUserError> for RegisterError {
    fn from(error: InsertUserError) -> Self {
        match error {
            // Whoever had it is gone again: another try finds out.
            InsertUserError::Taken { email: false, username: false } => {
                Self::Failure(Failure::Busy)
            }
            InsertUserError::Taken { email, username } => Self::Refused(
                [(email, RegisterIssue::EmailTaken), (username, RegisterIssue::UsernameTaken)]
                    .into_iter()
                    .filter_map(|(taken, issue)| taken.then_some(issue))
                    .collect(),
            ),
            InsertUserError::Storage(error) => error.into(),
        }
    }
}

impl Register {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`RegisterError`].
    #[instrument(level = "debug", name = "register", skip_all)]
    pub async fn run(&self, command: RegisterCommand) -> Result<SignedIn, RegisterError> {
        if !self.settings.allow_registration && command.invite_token.is_none() {
            return Err(Forbidden::REGISTER.into());
        }
        let invite = self.judge(&command).await?;
        let hash = self
            .ports
            .hasher
            .hash(command.password.as_password().clone(), Priority::Unrecognized)
            .await?;

        let now = self.ports.clock.now();
        let account = Account::new(&self.ports, &command, invite.as_ref(), now);
        let session = new_session(
            SessionId::from_uuid(self.ports.ids.next()),
            account.user.id,
            account.user.default_org,
            &command.client,
            self.settings.sessions,
            now,
        );
        // Signed before anything is stored: what fails here leaves no account behind.
        let grant = Grant {
            user_id: account.user.id,
            session_id: session.id,
            workspace: session.org_id.map(|org| (org, account.role)),
            is_platform_admin: false,
            email_verified: account.user.is_verified(),
        };
        let tokens =
            tokens::pair(&self.ports, self.settings.access_lifetime, &grant, session.generation)?;

        let work = self.ports.storage.begin().await?;
        let stored =
            self.store(work, &account, hash, invite.as_ref(), &session, &command.client).await;
        if let Err(RegisterError::Refused(issues)) = &stored
            && issues.contains(&RegisterIssue::EmailTaken)
        {
            // The unit of work that found it taken has left nothing.
            address::tell_owner(&self.ports, &command.email).await;
        }
        stored?;
        tracing::info!(event = AuditKind::Registered.as_str(), user_id = %account.user.id, "registered");
        let user = User { last_login_at: Some(now), ..account.user };
        let device_token = tokens::device(&self.ports, session.id);
        Ok(SignedIn { user, role: Some(account.role), tokens, device_token })
    }

    /// Judges all that can be judged before the costly hash, and answers the invite to be used.
    async fn judge(&self, command: &RegisterCommand) -> Result<Option<Invite>, RegisterError> {
        let mut issues = Vec::new();
        let mut invite = None;
        if let Some(token) = &command.invite_token {
            match self.open_invite(token).await? {
                Some(found) if found.email.key() == command.email.key() => invite = Some(found),
                Some(_) => issues.push(RegisterIssue::InviteEmailMismatch),
                None => issues.push(RegisterIssue::InviteInvalid),
            }
        }
        let RegisterCommand { password, email, username, .. } = command;
        // As a name that somebody has: it is not to be had.
        if username.is_reserved(&self.ports.blocklist.service_words()) {
            issues.push(RegisterIssue::UsernameTaken);
        }
        if is_too_common(&self.ports, password, email, username).await {
            issues.push(RegisterIssue::PasswordTooCommon);
        }
        issues.sort_unstable();
        if issues.is_empty() { Ok(invite) } else { Err(RegisterError::Refused(issues)) }
    }

    async fn open_invite(&self, token: &str) -> Result<Option<Invite>, StorageError> {
        let Some(token) = self.ports.opaque_tokens.open(TokenPurpose::Invite, token) else {
            return Ok(None);
        };
        let mut repositories = self.ports.storage.connect().await?;
        let id = InviteId::from_uuid(token.row);
        let invite = repositories.invites().find(id).await?;
        Ok(invite.filter(|invite| invite.is_open(token.counter, self.ports.clock.now())))
    }

    async fn store(
        &self,
        mut work: Box<dyn UnitOfWork>,
        account: &Account,
        hash: PasswordHash,
        invite: Option<&Invite>,
        session: &Session,
        client: &Client,
    ) -> Result<(), RegisterError> {
        let user = &account.user;
        work.orgs().insert(&account.personal_org).await?;
        work.users().insert(user, Some(hash)).await?;
        for membership in &account.memberships {
            work.memberships().insert(membership).await?;
        }
        if let Some(invite) = invite {
            // Judged again by the database: it may have been used since it was read.
            if !work.invites().accept(invite.id, invite.counter, user.created_at).await? {
                return Err(RegisterError::Refused(vec![RegisterIssue::InviteInvalid]));
            }
            let kind = AuditKind::InviteAccepted;
            let event = audit::event(&self.ports, kind, client, user.id, Some(invite.org_id), None);
            work.audit().record(&event).await?;
        } else {
            let (whose, now) = ((user.id, &user.email), user.created_at);
            // Accounts are free: a client that creates many is one sender.
            let sender = MailSender::network(client.network());
            let token = address::issue_verification(&self.ports, work.as_mut(), whose, now).await?;
            let mail = (&user.email, token);
            address::queue_verification(&self.ports, work.as_mut(), mail, sender, now).await?;
        }
        work.sessions().open(session).await?;
        let event = audit::event(
            &self.ports,
            AuditKind::Registered,
            client,
            user.id,
            session.org_id,
            Some(session.id),
        );
        work.audit().record(&event).await?;
        Ok(work.commit().await?)
    }
}

/// A new account with the organisations that it belongs to.
struct Account {
    user: User,
    personal_org: Org,
    memberships: Vec<Membership>,
    role: Role,
}

impl Account {
    fn new(
        ports: &Ports,
        command: &RegisterCommand,
        invite: Option<&Invite>,
        now: OffsetDateTime,
    ) -> Self {
        let user_id = UserId::from_uuid(ports.ids.next());
        let personal_org =
            Org::personal(OrgId::from_uuid(ports.ids.next()), &command.username, now);
        let membership = |org_id, role| Membership { user_id, org_id, role, joined_at: now };
        let mut memberships = vec![membership(personal_org.id, Role::Owner)];
        let (default_org, role) = match invite {
            Some(invite) => {
                memberships.push(membership(invite.org_id, invite.role));
                (invite.org_id, invite.role)
            }
            None => (personal_org.id, Role::Owner),
        };
        let user = User {
            id: user_id,
            email: command.email.clone(),
            username: command.username.clone(),
            profile: Profile { full_name: command.full_name.clone(), ..Profile::default() },
            // Whoever has the invite's token has read the mail that it came in.
            verified_at: invite.map(|_| now),
            disabled_at: None,
            is_platform_admin: false,
            is_provisional: invite.is_none(),
            has_password: true,
            default_org: Some(default_org),
            last_login_at: None,
            created_at: now,
            updated_at: now,
        };
        Self { user, personal_org, memberships, role }
    }
}
