//! Whose account is that?

use doorward_domain::{
    UserId,
    membership::Belonging,
    ports::{Repositories, StorageError},
    user::{LoginName, User},
};
use tracing::instrument;

use crate::{Failure, Ports, failure::fails_with};

/// Finds an account by what an operator calls it: for operators, who are asked nothing here.
#[derive(Debug)]
pub struct FindUser {
    ports: Ports,
}

/// No account was found.
#[derive(Debug, thiserror::Error)]
pub enum FindUserError {
    /// There is none of that id, address or name.
    #[error("there is no account {0}: give its id, its e-mail address or its user name")]
    NotFound(String),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(FindUserError: StorageError);

impl FindUser {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// The account with this id, e-mail address or user name.
    ///
    /// # Errors
    /// See [`FindUserError`].
    #[instrument(level = "debug", name = "find user", skip_all)]
    pub async fn run(&self, name: &str) -> Result<User, FindUserError> {
        let mut repositories = self.ports.storage.connect().await?;
        find(&mut *repositories, name).await
    }

    /// As [`FindUser::run`], with the organisations that the person belongs to.
    ///
    /// # Errors
    /// See [`FindUserError`].
    #[instrument(level = "debug", name = "find user in full", skip_all)]
    pub async fn in_full(&self, name: &str) -> Result<(User, Vec<Belonging>), FindUserError> {
        let mut repositories = self.ports.storage.connect().await?;
        let user = find(&mut *repositories, name).await?;
        let belongings = repositories.memberships().of(user.id).await?;
        Ok((user, belongings))
    }
}

/// A user name may look like an id: the id wins.
async fn find(repositories: &mut dyn Repositories, name: &str) -> Result<User, FindUserError> {
    if let Ok(id) = name.parse::<UserId>()
        && let Some(user) = repositories.users().find(id).await?
    {
        return Ok(user);
    }
    let found = match LoginName::parse(name) {
        Ok(LoginName::Email(email)) => repositories.users().find_by_email(&email).await?,
        Ok(LoginName::Username(name)) => repositories.users().find_by_username(&name).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| FindUserError::NotFound(name.to_owned()))
}
