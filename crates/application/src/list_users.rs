//! Who has an account?

use doorward_domain::{
    UserId,
    page::{Page, PageRequest},
    ports::StorageError,
    user::{User, UserFilter},
};
use tracing::instrument;

use crate::{Failure, Ports, failure::fails_with};

/// Lists accounts: for operators, who are asked nothing here.
#[derive(Debug)]
pub struct ListUsers {
    ports: Ports,
}

/// The accounts were not listed.
#[derive(Debug, thiserror::Error)]
pub enum ListUsersError {
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ListUsersError: StorageError);

impl ListUsers {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`ListUsersError`].
    #[instrument(level = "debug", name = "list users", skip_all)]
    pub async fn run(
        &self,
        filter: &UserFilter,
        page: PageRequest<UserId>,
    ) -> Result<Page<User, UserId>, ListUsersError> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.users().list(filter, page).await?)
    }
}
