//! Listing accounts, for operators.

use doorward_domain::{
    UserId,
    account::user::{User, UserFilter},
    pagination::{Page, PageQuery},
    ports::StorageError,
};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error};

/// Lists accounts. Performs no authorization; call only on behalf of a trusted operator.
#[derive(Debug)]
pub struct ListUsers {
    ports: Ports,
}

/// Errors returned by [`ListUsers::run`].
#[derive(Debug, thiserror::Error)]
pub enum ListUsersError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ListUsersError: StorageError);

impl ListUsers {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Returns the accounts that match a filter.
    ///
    /// # Errors
    /// See [`ListUsersError`].
    #[instrument(level = "debug", name = "list_users", skip_all)]
    pub async fn run(
        &self,
        filter: &UserFilter,
        page: PageQuery<UserId>,
    ) -> Result<Page<User, UserId>, ListUsersError> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.users().list(filter, page).await?)
    }
}
