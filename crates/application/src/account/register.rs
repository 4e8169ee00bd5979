//! Registering an account.

use doorward_domain::{
    InviteId, OrgId, UserId,
    account::{
        email::EmailAddress,
        profile::{FullName, Profile},
        user::User,
        username::Username,
    },
    audit::AuditKind,
    credential::password::{NewPassword, PasswordHash},
    mail::MailSender,
    org::{Org, invite::Invite, membership::Membership, role::Role},
    ports::{HashError, InsertUserError, Priority, SigningFailed, StorageError, UnitOfWork},
    request_context::RequestContext,
    token::TokenPurpose,
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{
    CommonError, Ports, Settings,
    access::denied::Forbidden,
    account::verification,
    error::common_error,
    events::audit,
    password::policy::is_too_common,
    sign_in::complete::{NewSession, SignedIn},
};

/// Creates an account with a personal organization, and signs the user in.
///
/// With the token of an invite, the user also joins the organization of the invite, and the email address counts as
/// verified. Without one, registration has to be open ([`Settings::allow_registration`]), and a verification email is
/// queued.
#[derive(Debug)]
pub struct Register {
    ports: Ports,
    settings: Settings,
}

/// The input of [`Register::run`].
#[derive(Debug)]
pub struct RegisterCommand {
    /// The email address.
    pub email: EmailAddress,
    /// The username to sign in with.
    pub username: Username,
    /// The password to sign in with.
    pub password: NewPassword,
    /// The user's full name.
    pub full_name: Option<FullName>,
    /// The token of an invite, as the client sent it.
    pub invite_token: Option<String>,
    /// The context of the request.
    pub client: RequestContext,
}

/// A problem with a well-formed registration. The variants are in the order of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegisterIssue {
    /// Another account has this email address.
    EmailTaken,
    /// The invite is for another email address.
    InviteEmailMismatch,
    /// Another account has this username, or the name is reserved.
    UsernameTaken,
    /// The password is too easy to guess.
    PasswordTooCommon,
    /// The invite has been used or revoked, has expired, or doesn't exist.
    InviteInvalid,
}

/// Errors returned by [`Register::run`].
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Registration is closed, and the command has no invite token.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The registration has problems that the user can fix, in the order of the fields.
    #[error("the registration is not valid: {0:?}")]
    Refused(Vec<RegisterIssue>),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(RegisterError: StorageError, HashError, SigningFailed);

impl From<InsertUserError> for RegisterError {
    fn from(error: InsertUserError) -> Self {
        match error {
            // The account that had the address or name was deleted meanwhile, so a retry may succeed.
            InsertUserError::Taken { email: false, username: false } => {
                Self::Failure(CommonError::Busy)
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

    /// Creates the account and opens a session.
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
        let workspace = account.user.default_org.map(|org| (org, account.role));
        let client = &command.client;
        let new =
            NewSession::create(&self.ports, &self.settings, &account.user, workspace, client, now)?;

        let work = self.ports.storage.begin().await?;
        let stored = self.store(work, &account, hash, invite.as_ref(), &new, client).await;
        if let Err(RegisterError::Refused(issues)) = &stored
            && issues.contains(&RegisterIssue::EmailTaken)
        {
            // The failed unit of work stored nothing, so this email is queued on its own.
            verification::notify_owner(&self.ports, &command.email).await;
        }
        stored?;
        tracing::info!(event = AuditKind::Registered.as_str(), user_id = %account.user.id, "registered");
        Ok(new.signed_in(account.user))
    }

    /// Checks what can be checked before the costly hash. Returns the invite to use, if the command has one.
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
        // A reserved name is reported as taken.
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
        let Some(token) = self.ports.opaque_tokens.verify(TokenPurpose::Invite, token) else {
            return Ok(None);
        };
        let mut repositories = self.ports.storage.connect().await?;
        let id = InviteId::from_uuid(token.id);
        let invite = repositories.invites().find(id).await?;
        Ok(invite.filter(|invite| invite.is_open(token.counter, self.ports.clock.now())))
    }

    async fn store(
        &self,
        mut work: Box<dyn UnitOfWork>,
        account: &Account,
        hash: PasswordHash,
        invite: Option<&Invite>,
        new: &NewSession,
        client: &RequestContext,
    ) -> Result<(), RegisterError> {
        let user = &account.user;
        work.orgs().insert(&account.personal_org).await?;
        work.users().insert(user, Some(hash)).await?;
        for membership in &account.memberships {
            work.memberships().insert(membership).await?;
        }
        if let Some(invite) = invite {
            // The database checks again: the invite may have been used since it was read.
            if !work.invites().accept(invite.id, invite.counter, user.created_at).await? {
                return Err(RegisterError::Refused(vec![RegisterIssue::InviteInvalid]));
            }
            let kind = AuditKind::InviteAccepted;
            let event = audit::event(&self.ports, kind, client, user.id, Some(invite.org_id), None);
            work.audit().record(&event).await?;
        } else {
            let (whose, now) = ((user.id, &user.email), user.created_at);
            // Accounts cost nothing, so a network that creates many counts as one sender.
            let sender = MailSender::network(client.ip_prefix());
            let token =
                verification::issue_verification(&self.ports, work.as_mut(), whose, now).await?;
            let mail = (&user.email, token);
            verification::queue_verification(&self.ports, work.as_mut(), mail, sender, now).await?;
        }
        new.open(work.as_mut()).await?;
        let event = audit::event(
            &self.ports,
            AuditKind::Registered,
            client,
            user.id,
            new.session.org_id,
            Some(new.session.id),
        );
        work.audit().record(&event).await?;
        Ok(work.commit().await?)
    }
}

/// A new account and its organizations.
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
            // The holder of the invite token has read the email that contained it.
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
