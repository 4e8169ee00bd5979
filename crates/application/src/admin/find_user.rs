//! Finding an account, for operators.

use doorward_domain::{
    UserId,
    account::user::{LoginIdentifier, User},
    org::membership::UserMembership,
    ports::{Repositories, StorageError},
};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error};

/// Finds an account by ID, email address, or username. Performs no authorization; call only on behalf of a trusted
/// operator.
#[derive(Debug)]
pub struct FindUser {
    ports: Ports,
}

/// The warning for an operator about an account whose email address is not verified.
pub(crate) const UNVERIFIED: &str = "the email address of the account is not verified, so another user may have registered it: let \
    the owner of the address verify it, run doorward user verify if you know the owner, or repeat with --force";

/// Errors returned by [`FindUser::run`], [`FindUser::verified`], and [`FindUser::in_full`].
#[derive(Debug, thiserror::Error)]
pub enum FindUserError {
    /// No account has this ID, email address, or username.
    #[error("there is no account {0}: identify it by ID, email address, or username")]
    NotFound(String),
    /// The email address of the account is not verified: the user who registered it might not own the address. Returned
    /// only by
    /// [`FindUser::verified`].
    #[error("{UNVERIFIED}")]
    Unverified,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(FindUserError: StorageError);

impl FindUser {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Returns the account with this ID, email address, or username.
    ///
    /// # Errors
    /// See [`FindUserError`].
    #[instrument(level = "debug", name = "find_user", skip_all)]
    pub async fn run(&self, name: &str) -> Result<User, FindUserError> {
        let mut repositories = self.ports.storage.connect().await?;
        find(&mut *repositories, name).await
    }

    /// As [`FindUser::run`], but rejects an account whose email address is not verified, unless `force` is set. For
    /// commands that give the user something: an attacker may have registered the address of the user whom the operator
    /// means.
    ///
    /// # Errors
    /// See [`FindUserError`].
    pub async fn verified(&self, name: &str, force: bool) -> Result<User, FindUserError> {
        let user = self.run(name).await?;
        if force || user.is_verified() { Ok(user) } else { Err(FindUserError::Unverified) }
    }

    /// Like [`FindUser::run`], but also returns the user's organizations.
    ///
    /// # Errors
    /// See [`FindUserError`].
    #[instrument(level = "debug", name = "find_user_in_full", skip_all)]
    pub async fn in_full(&self, name: &str) -> Result<(User, Vec<UserMembership>), FindUserError> {
        let mut repositories = self.ports.storage.connect().await?;
        let user = find(&mut *repositories, name).await?;
        let belongings = repositories.memberships().list_for_user(user.id).await?;
        Ok((user, belongings))
    }
}

/// Finds an account. A username may look like an ID; the ID takes precedence.
async fn find(repositories: &mut dyn Repositories, name: &str) -> Result<User, FindUserError> {
    if let Ok(id) = name.parse::<UserId>()
        && let Some(user) = repositories.users().find(id).await?
    {
        return Ok(user);
    }
    let found = match LoginIdentifier::parse(name) {
        Ok(LoginIdentifier::Email(email)) => repositories.users().find_by_email(&email).await?,
        Ok(LoginIdentifier::Username(name)) => repositories.users().find_by_username(&name).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| FindUserError::NotFound(name.to_owned()))
}
