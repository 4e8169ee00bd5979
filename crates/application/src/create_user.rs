//! Making an account for somebody else.

use doorward_domain::{
    MailId, OrgId, UserId,
    audit::AuditKind,
    email::EmailAddress,
    mail::{MailSubject, OutboxEntry},
    membership::Membership,
    org::Org,
    password::{NewPassword, PasswordHash},
    ports::{HashError, InsertUserError, Priority, StorageError},
    profile::{FullName, Profile},
    role::Role,
    user::User,
    username::Username,
};
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with, new_password::is_too_common};

/// Makes an account with an organisation of its own: for operators, who are asked nothing here.
#[derive(Debug)]
pub struct CreateUser {
    ports: Ports,
}

/// What the account is to be.
#[derive(Debug)]
pub struct CreateUserCommand {
    /// Where mail goes.
    pub email: EmailAddress,
    /// The name to sign in with; without one, it is made from the address.
    pub username: Option<Username>,
    /// The person's name.
    pub full_name: Option<FullName>,
    /// The password to sign in with. Without one, the person is mailed a link to choose it.
    pub password: Option<NewPassword>,
    /// Whether the e-mail address is known to be the person's; else the person is asked by mail.
    pub is_verified: bool,
    /// Whether the person runs this server.
    pub is_platform_admin: bool,
}

/// No account was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// There is an account with this e-mail address.
    #[error("there is an account with this e-mail address already")]
    EmailTaken,
    /// There is an account with this user name.
    #[error("there is an account with this user name already: give another one")]
    UsernameTaken,
    /// The password is too easy to guess.
    #[error(
        "the password is too easy to guess: it is on the list of common passwords, or a word of the account's own"
    )]
    PasswordTooCommon,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(CreateUserError: StorageError, HashError);

impl From<InsertUserError> for CreateUserError {
    fn from(error: InsertUserError) -> Self {
        match error {
            InsertUserError::Taken { email: true, .. } => Self::EmailTaken,
            InsertUserError::Taken { username: true, .. } => Self::UsernameTaken,
            // Whoever had it is gone again: another try finds out.
            InsertUserError::Taken { .. } => Self::Failure(Failure::Busy),
            InsertUserError::Storage(error) => error.into(),
        }
    }
}

impl CreateUser {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`CreateUserError`].
    #[instrument(level = "debug", name = "create user", skip_all)]
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
                // The last octets of an id are the ones that chance made.
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
                created_at: user.created_at,
                attempts: 0,
            };
            work.outbox().enqueue(&entry).await?;
        }
        let kind = AuditKind::AccountCreated;
        work.audit().record(&audit::by_an_operator(&self.ports, kind, user_id)).await?;
        if user.is_platform_admin {
            let granted = audit::by_an_operator(&self.ports, AuditKind::AdminGranted, user_id);
            work.audit().record(&granted).await?;
        }
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user_id, "account made");
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
            has_password: command.password.is_some(),
            default_org: Some(org.id),
            last_login_at: None,
            created_at: now,
            updated_at: now,
        };
        (user, org)
    }
}

/// The mail that a new person needs. A link to choose a password shows that the address is theirs, too.
fn welcome(user: &User) -> Option<MailSubject> {
    match (user.has_password, user.is_verified()) {
        (false, _) => Some(MailSubject::ResetRequested),
        (true, false) => Some(MailSubject::VerificationRequested),
        (true, true) => None,
    }
}
