//! Creating an account, for operators.

use doorward_domain::{
    MailId, OrgId, UserId,
    account::{
        email::EmailAddress,
        profile::{FullName, Profile},
        user::User,
        username::Username,
    },
    audit::AuditKind,
    credential::password::{NewPassword, PasswordHash},
    mail::{MailKind, MailSender, OutboxEntry},
    org::{Org, membership::Membership, role::Role},
    ports::{HashError, InsertUserError, Priority, StorageError},
};
use tracing::instrument;

use crate::{
    CommonError, Ports, error::common_error, events::audit, password::policy::is_too_common,
};

/// Creates an account with a personal organization. Performs no authorization; call only on behalf of a trusted
/// operator.
#[derive(Debug)]
pub struct CreateUser {
    ports: Ports,
}

/// The input of [`CreateUser::run`].
#[derive(Debug)]
pub struct CreateUserCommand {
    /// The email address.
    pub email: EmailAddress,
    /// The username to sign in with; `None` to derive it from the email address.
    pub username: Option<Username>,
    /// The user's full name.
    pub full_name: Option<FullName>,
    /// The password to sign in with; `None` to send the user an email with a link to choose one.
    pub password: Option<NewPassword>,
    /// Whether the email address counts as verified. If not, the user is sent an email with a link that verifies it.
    pub is_verified: bool,
    /// Whether the user is a platform administrator.
    pub is_platform_admin: bool,
}

/// Errors returned by [`CreateUser::run`]. No account was created.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// Another account has this email address.
    #[error("another account has this email address")]
    EmailTaken,
    /// Another account has this username.
    #[error("another account has this username; choose another one")]
    UsernameTaken,
    /// The password is too easy to guess.
    #[error(
        "the password is too easy to guess: it is a common password, or consists of words of the account; choose another one"
    )]
    PasswordTooCommon,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(CreateUserError: StorageError, HashError);

impl From<InsertUserError> for CreateUserError {
    fn from(error: InsertUserError) -> Self {
        match error {
            InsertUserError::Taken { email: true, .. } => Self::EmailTaken,
            InsertUserError::Taken { username: true, .. } => Self::UsernameTaken,
            // The account that had the address or name was deleted meanwhile, so a retry may succeed.
            InsertUserError::Taken { .. } => Self::Failure(CommonError::Busy),
            InsertUserError::Storage(error) => error.into(),
        }
    }
}

impl CreateUser {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Creates the account, and queues the email that the user needs to sign in or to verify the address, if any.
    ///
    /// # Errors
    /// See [`CreateUserError`].
    #[instrument(level = "debug", name = "create_user", skip_all)]
    pub async fn run(&self, command: CreateUserCommand) -> Result<User, CreateUserError> {
        let plain = Username::from_email(&command.email, None);
        let username = command.username.clone().unwrap_or(plain);
        if let Some(password) = &command.password
            && is_too_common(&self.ports, password, &command.email, &username).await
        {
            return Err(CreateUserError::PasswordTooCommon);
        }
        let hash = match &command.password {
            Some(password) => Some(
                self.ports
                    .hasher
                    .hash(password.as_password().clone(), Priority::Recognized)
                    .await?,
            ),
            None => None,
        };
        match self.store(&command, username, hash.clone()).await {
            Err(CreateUserError::UsernameTaken) if command.username.is_none() => {
                // The last bytes of an ID are random.
                let number = (self.ports.ids.next().as_u128() % 1_000_000) as u32;
                let username = Username::from_email(&command.email, Some(number));
                self.store(&command, username, hash).await
            }
            outcome => outcome,
        }
    }

    async fn store(
        &self,
        command: &CreateUserCommand,
        username: Username,
        hash: Option<PasswordHash>,
    ) -> Result<User, CreateUserError> {
        let (user, org) = self.account(command, username);
        let (user_id, org_id, joined_at) = (user.id, org.id, user.created_at);
        let mut work = self.ports.storage.begin().await?;
        work.orgs().insert(&org).await?;
        work.users().insert(&user, hash).await?;
        let membership = Membership { user_id, org_id, role: Role::Owner, joined_at };
        work.memberships().insert(&membership).await?;
        if let Some(subject) = welcome(&user) {
            let entry = OutboxEntry {
                id: MailId::from_uuid(self.ports.ids.next()),
                to: user.email.clone(),
                subject,
                sender: MailSender::recipient(&user.email),
                created_at: user.created_at,
                attempts: 0,
            };
            work.outbox().enqueue(&entry).await?;
        }
        let kind = AuditKind::AccountCreated;
        work.audit().record(&audit::by_operator(&self.ports, kind, user_id)).await?;
        if user.is_platform_admin {
            let granted = audit::by_operator(&self.ports, AuditKind::AdminGranted, user_id);
            work.audit().record(&granted).await?;
        }
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user_id, "account created");
        Ok(user)
    }

    fn account(&self, command: &CreateUserCommand, username: Username) -> (User, Org) {
        let now = self.ports.clock.now();
        let org = Org::personal(OrgId::from_uuid(self.ports.ids.next()), &username, now);
        let user = User {
            id: UserId::from_uuid(self.ports.ids.next()),
            email: command.email.clone(),
            username,
            profile: Profile { full_name: command.full_name.clone(), ..Profile::default() },
            verified_at: command.is_verified.then_some(now),
            disabled_at: None,
            is_platform_admin: command.is_platform_admin,
            is_provisional: false,
            has_password: command.password.is_some(),
            default_org: Some(org.id),
            last_login_at: None,
            created_at: now,
            updated_at: now,
        };
        (user, org)
    }
}

/// Returns the email that a new user needs, if any. A link to choose a password verifies the address, too.
fn welcome(user: &User) -> Option<MailKind> {
    match (user.has_password, user.is_verified()) {
        (false, _) => Some(MailKind::ResetRequested),
        (true, false) => Some(MailKind::VerificationRequested),
        (true, true) => None,
    }
}
