//! Taking over the accounts of another system.

use std::collections::{HashMap, HashSet};

use doorward_domain::{
    OrgId, UserId,
    audit::AuditKind,
    client::Client,
    email::EmailAddress,
    membership::Membership,
    org::Org,
    password::PasswordHash,
    ports::{InsertUserError, Repositories, StorageError, UnitOfWork, UnusableHash},
    profile::Profile,
    role::Role,
    user::User,
    username::Username,
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with};

/// Makes accounts of those of another system. Nobody is sent a mail.
#[derive(Debug)]
pub struct ImportUsers {
    ports: Ports,
}

/// An account as another system knows it.
#[derive(Debug, Clone)]
pub struct ImportedUser {
    /// Its id, if it is to stay the same; else it gets one.
    pub id: Option<UserId>,
    /// Where mail goes. An account that is there already is known by it.
    pub email: EmailAddress,
    /// The name to sign in with; without one, it is made from the address.
    pub username: Option<Username>,
    /// The hash of its password, in any form that the hasher knows.
    pub password_hash: Option<PasswordHash>,
    /// Whether the e-mail address is known to be the person's.
    pub is_verified: bool,
    /// Whether the account is switched off.
    pub is_disabled: bool,
    /// What the person says of themselves.
    pub profile: Profile,
    /// When the account was made; without it, now.
    pub created_at: Option<OffsetDateTime>,
}

/// What became of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// It was made.
    Made,
    /// It was made, with a number behind the user name that is made from its address.
    MadeWithNumber {
        /// The name without the number, which another account has.
        taken: Username,
    },
    /// There is one with this e-mail address, which was left as it is.
    AlreadyThere,
    /// It was not made.
    Refused(ImportIssue),
}

/// Why an account was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportIssue {
    /// Nobody could sign in with the hash.
    #[error("password_hash: {0}")]
    Hash(#[from] UnusableHash),
    /// It would have been made later than now.
    #[error("created_at: must not be in the future")]
    CreatedInTheFuture,
    /// An account with this address exists and was never verified, and the other system knows
    /// whose it is.
    #[error(
        "email: an account with this address exists and was never verified: delete it (doorward user \
         delete) or verify it (doorward user verify), and import again"
    )]
    Unverified,
    /// Another account has the user name.
    #[error("username: another account has this name")]
    UsernameTaken,
    /// Another account has the id.
    #[error("id: another account has this id")]
    IdTaken,
}

/// The accounts were not made.
#[derive(Debug, thiserror::Error)]
pub enum ImportUsersError {
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ImportUsersError: StorageError);

/// What a preview has let pass so far, and is in no database.
#[derive(Debug, Default)]
pub struct Preview {
    /// Keys of addresses, and whether they are verified.
    emails: HashMap<String, bool>,
    usernames: HashSet<String>,
    ids: HashSet<UserId>,
}

/// Why an attempt was given up.
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

    /// Judges what can be judged without the database.
    ///
    /// # Errors
    /// See [`ImportIssue`].
    pub fn check(&self, user: &ImportedUser) -> Result<(), ImportIssue> {
        if user.created_at.is_some_and(|at| at > self.ports.clock.now()) {
            return Err(ImportIssue::CreatedInTheFuture);
        }
        match &user.password_hash {
            Some(hash) => Ok(self.ports.hasher.check(hash)?),
            None => Ok(()),
        }
    }

    /// Makes the accounts, each with an organisation of its own, and answers what became of each. Each is
    /// made whole or not at all.
    ///
    /// # Errors
    /// See [`ImportUsersError`]. Those made so far are found there by another run.
    #[instrument(level = "debug", name = "import users", skip_all)]
    pub async fn run(&self, users: &[ImportedUser]) -> Result<Vec<Imported>, ImportUsersError> {
        // All at once is much faster; one that is in the way of the others is found one by one.
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

    /// Returns what [`run`](Self::run) would make of the accounts, and makes nothing. `so_far` holds those of
    /// the same import that came before.
    ///
    /// # Errors
    /// See [`ImportUsersError`].
    #[instrument(level = "debug", name = "preview import of users", skip_all)]
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
        let (kind, client) = (AuditKind::Imported, Client::itself());
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
            // The last octets of an id are the ones that chance made.
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

/// What becomes of an account whose address another one has.
fn beside(is_verified: bool, imported: &ImportedUser) -> Imported {
    if imported.is_verified && !is_verified {
        Imported::Refused(ImportIssue::Unverified)
    } else {
        Imported::AlreadyThere
    }
}

/// As the constraints of the database judge, in the same order.
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

/// How a user name is made where the other system has none.
#[derive(Debug, Clone, Copy)]
enum Naming {
    /// From the address alone.
    Plain,
    /// With a number, for somebody has the plain one.
    Numbered,
}
