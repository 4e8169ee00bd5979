//! Importing accounts of another system, for operators.

use std::collections::{HashMap, HashSet};

use doorward_domain::{
    OrgId, UserId,
    account::{email::EmailAddress, profile::Profile, user::User, username::Username},
    audit::AuditKind,
    credential::password::PasswordHash,
    org::{Org, membership::Membership, role::Role},
    ports::{InsertUserError, Repositories, StorageError, UnitOfWork, UnusableHash},
    request_context::RequestContext,
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error, events::audit};

/// Imports accounts of another system. Sends no emails. Performs no authorization; call only on behalf of a trusted
/// operator.
#[derive(Debug)]
pub struct ImportUsers {
    ports: Ports,
}

/// An account of another system.
#[derive(Debug, Clone)]
pub struct ImportedUser {
    /// The ID to keep; `None` to generate one.
    pub id: Option<UserId>,
    /// The email address, by which an existing account is recognized.
    pub email: EmailAddress,
    /// The username to sign in with; `None` to derive it from the email address.
    pub username: Option<Username>,
    /// The password hash, in any format that the hasher supports.
    pub password_hash: Option<PasswordHash>,
    /// Whether the email address is verified.
    pub is_verified: bool,
    /// Whether the account is disabled.
    pub is_disabled: bool,
    /// The user's profile.
    pub profile: Profile,
    /// When the account was created; `None` for the current time.
    pub created_at: Option<OffsetDateTime>,
}

/// The outcome for one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// The account was created.
    Made,
    /// The account was created, with a number appended to the username that was derived from the email address.
    MadeWithNumber {
        /// The username without the number, which another account has.
        taken: Username,
    },
    /// An account with this email address exists already, and was not changed.
    AlreadyThere,
    /// The account was not created.
    Refused(ImportIssue),
}

/// The reason why an account was not created.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportIssue {
    /// No password can be verified against the hash.
    #[error("password_hash: {0}")]
    Hash(#[from] UnusableHash),
    /// The time of creation is in the future.
    #[error("created_at: must not be in the future")]
    CreatedInTheFuture,
    /// An account with this email address exists and is not verified, while the imported one is: another user may have
    /// registered the existing account.
    #[error(
        "email: an account with this address exists and was never verified: delete it (doorward user \
         delete) or verify it (doorward user verify), and import again"
    )]
    Unverified,
    /// Another account has the username.
    #[error("username: another account has this name")]
    UsernameTaken,
    /// Another account has the ID.
    #[error("id: another account has this id")]
    IdTaken,
}

/// Errors returned by [`ImportUsers::run`] and [`ImportUsers::preview`].
#[derive(Debug, thiserror::Error)]
pub enum ImportUsersError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ImportUsersError: StorageError);

/// The accounts that a preview has accepted so far, which are not in the database.
#[derive(Debug, Default)]
pub struct Preview {
    /// Keys of email addresses, and whether the addresses are verified.
    emails: HashMap<String, bool>,
    usernames: HashSet<String>,
    ids: HashSet<UserId>,
}

/// The reason why an attempt was aborted.
enum GivenUp {
    Taken { email: bool, username: bool },
    Failed(ImportUsersError),
}

impl From<StorageError> for GivenUp {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}

impl ImportUsers {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Checks what can be checked without the database.
    ///
    /// # Errors
    /// See [`ImportIssue`].
    pub fn check(&self, user: &ImportedUser) -> Result<(), ImportIssue> {
        if user.created_at.is_some_and(|at| at > self.ports.clock.now()) {
            return Err(ImportIssue::CreatedInTheFuture);
        }
        match &user.password_hash {
            Some(hash) => Ok(self.ports.hasher.validate_hash(hash)?),
            None => Ok(()),
        }
    }

    /// Creates the accounts, each with a personal organization. Returns the outcome for each. Each account is created
    /// completely or not at all.
    ///
    /// # Errors
    /// See [`ImportUsersError`]. The next run finds the accounts that were created before the error, and skips them.
    #[instrument(level = "debug", name = "import_users", skip_all)]
    pub async fn run(&self, users: &[ImportedUser]) -> Result<Vec<Imported>, ImportUsersError> {
        // One transaction for all is much faster. If an account causes a conflict, each gets its own transaction.
        match self.attempt(users, Naming::Plain).await {
            Ok(outcomes) => Ok(outcomes),
            Err(GivenUp::Failed(error)) => Err(error),
            Err(GivenUp::Taken { .. }) => {
                let mut outcomes = Vec::with_capacity(users.len());
                for user in users {
                    outcomes.push(self.run_alone(user).await?);
                }
                Ok(outcomes)
            }
        }
    }

    /// Returns the outcomes that [`run`](Self::run) would return, and creates nothing. `so_far` has the earlier
    /// accounts of the same import.
    ///
    /// # Errors
    /// See [`ImportUsersError`].
    #[instrument(level = "debug", name = "preview_import_of_users", skip_all)]
    pub async fn preview(
        &self,
        users: &[ImportedUser],
        so_far: &mut Preview,
    ) -> Result<Vec<Imported>, ImportUsersError> {
        let mut repositories = self.ports.storage.connect().await?;
        let mut outcomes = Vec::with_capacity(users.len());
        for user in users {
            let outcome = match self.check(user) {
                Err(issue) => Imported::Refused(issue),
                Ok(()) => predict(repositories.as_mut(), user, so_far).await?,
            };
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    async fn run_alone(&self, user: &ImportedUser) -> Result<Imported, ImportUsersError> {
        let alone = std::slice::from_ref(user);
        let mut attempt = self.attempt(alone, Naming::Plain).await;
        if user.username.is_none() && matches!(attempt, Err(GivenUp::Taken { username: true, .. }))
        {
            attempt = self.attempt(alone, Naming::Numbered).await;
            if let Ok([Imported::Made]) = attempt.as_deref() {
                let taken = Username::from_email(&user.email, None);
                return Ok(Imported::MadeWithNumber { taken });
            }
        }
        match attempt {
            Ok(outcomes) => Ok(outcomes.into_iter().next().unwrap_or(Imported::AlreadyThere)),
            Err(GivenUp::Taken { email: true, .. }) => Ok(Imported::AlreadyThere),
            Err(GivenUp::Taken { username: true, .. }) => {
                Ok(Imported::Refused(ImportIssue::UsernameTaken))
            }
            Err(GivenUp::Taken { .. }) => Ok(Imported::Refused(ImportIssue::IdTaken)),
            Err(GivenUp::Failed(error)) => Err(error),
        }
    }

    async fn attempt(
        &self,
        users: &[ImportedUser],
        naming: Naming,
    ) -> Result<Vec<Imported>, GivenUp> {
        let mut work = self.ports.storage.begin().await?;
        let mut outcomes = Vec::with_capacity(users.len());
        for user in users {
            let outcome = match self.check(user) {
                Err(issue) => Imported::Refused(issue),
                Ok(()) => match work.users().find_by_email(&user.email).await? {
                    Some(found) => beside(found.is_verified(), user),
                    None => {
                        self.store(work.as_mut(), user, naming).await?;
                        Imported::Made
                    }
                },
            };
            outcomes.push(outcome);
        }
        work.commit().await?;
        Ok(outcomes)
    }

    async fn store(
        &self,
        work: &mut dyn UnitOfWork,
        imported: &ImportedUser,
        naming: Naming,
    ) -> Result<(), GivenUp> {
        let (user, org) = self.account(imported, naming);
        work.orgs().insert(&org).await?;
        work.users().insert(&user, imported.password_hash.clone()).await.map_err(|error| {
            match error {
                InsertUserError::Taken { email, username } => GivenUp::Taken { email, username },
                InsertUserError::Storage(error) => error.into(),
            }
        })?;
        let (user_id, org_id) = (user.id, org.id);
        let membership =
            Membership { user_id, org_id, role: Role::Owner, joined_at: user.created_at };
        work.memberships().insert(&membership).await?;
        let (kind, client) = (AuditKind::Imported, RequestContext::internal());
        let event = audit::event(&self.ports, kind, &client, user_id, Some(org_id), None);
        work.audit().record(&event).await?;
        Ok(())
    }

    fn account(&self, imported: &ImportedUser, naming: Naming) -> (User, Org) {
        let now = self.ports.clock.now();
        let created_at = imported.created_at.unwrap_or(now);
        let new_id = self.ports.ids.next();
        let username = imported.username.clone().unwrap_or_else(|| match naming {
            Naming::Plain => Username::from_email(&imported.email, None),
            // The last bytes of an ID are random.
            Naming::Numbered => {
                let number = new_id.as_u128() % 1_000_000;
                Username::from_email(&imported.email, Some(number as u32))
            }
        });
        let org = Org::personal(OrgId::from_uuid(self.ports.ids.next()), &username, now);
        let user = User {
            id: imported.id.unwrap_or_else(|| UserId::from_uuid(new_id)),
            email: imported.email.clone(),
            username,
            profile: imported.profile.clone(),
            verified_at: imported.is_verified.then_some(created_at),
            disabled_at: imported.is_disabled.then_some(now),
            is_platform_admin: false,
            is_provisional: false,
            has_password: imported.password_hash.is_some(),
            default_org: Some(org.id),
            last_login_at: None,
            created_at,
            updated_at: now,
        };
        (user, org)
    }
}

/// Returns the outcome for an account whose email address an existing account has.
fn beside(is_verified: bool, imported: &ImportedUser) -> Imported {
    if imported.is_verified && !is_verified {
        Imported::Refused(ImportIssue::Unverified)
    } else {
        Imported::AlreadyThere
    }
}

/// Predicts the outcome by the same rules as the database constraints, in the same order.
async fn predict(
    repositories: &mut dyn Repositories,
    user: &ImportedUser,
    so_far: &mut Preview,
) -> Result<Imported, StorageError> {
    let Preview { emails, usernames, ids } = so_far;
    let key = user.email.key();
    if let Some(is_verified) = emails.get(&key) {
        return Ok(beside(*is_verified, user));
    }
    if let Some(found) = repositories.users().find_by_email(&user.email).await? {
        return Ok(beside(found.is_verified(), user));
    }
    let plain = Username::from_email(&user.email, None);
    let name = user.username.as_ref().unwrap_or(&plain);
    let is_taken = usernames.contains(&name.key())
        || repositories.users().find_by_username(name).await?.is_some();
    if is_taken && user.username.is_some() {
        return Ok(Imported::Refused(ImportIssue::UsernameTaken));
    }
    if let Some(id) = user.id
        && (ids.contains(&id) || repositories.users().find(id).await?.is_some())
    {
        return Ok(Imported::Refused(ImportIssue::IdTaken));
    }
    emails.insert(key, user.is_verified);
    ids.extend(user.id);
    if is_taken {
        return Ok(Imported::MadeWithNumber { taken: plain });
    }
    usernames.insert(name.key());
    Ok(Imported::Made)
}

/// How a username is derived if the other system has none.
#[derive(Debug, Clone, Copy)]
enum Naming {
    /// From the email address alone.
    Plain,
    /// With a number, because another account has the plain name.
    Numbered,
}
