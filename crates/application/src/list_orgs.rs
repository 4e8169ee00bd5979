//! Which organisations do I belong to?

use doorward_domain::{
    OrgId,
    org::{Org, Workspace},
    page::{Page, PageRequest},
    ports::StorageError,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings,
    authorize::{self, Forbidden},
    failure::fails_with,
};

/// Lists organisations, the newest first.
#[derive(Debug)]
pub struct ListOrgs {
    ports: Ports,
    settings: Settings,
}

/// No organisations were listed.
#[derive(Debug, thiserror::Error)]
pub enum ListOrgsError {
    /// [`Forbidden::EMAIL_UNVERIFIED`], where that is required.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ListOrgsError: StorageError);

impl ListOrgs {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Those that the caller belongs to.
    ///
    /// # Errors
    /// See [`ListOrgsError`].
    #[instrument(level = "debug", name = "list orgs own", skip_all)]
    pub async fn own(
        &self,
        caller: &Caller,
        page: PageRequest<OrgId>,
    ) -> Result<Page<Workspace, OrgId>, ListOrgsError> {
        authorize::verified(caller, &self.settings)?;
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.orgs().list_for(caller.user.id, page).await?)
    }

    /// All there are: for operators, who are asked nothing here.
    ///
    /// # Errors
    /// See [`ListOrgsError`].
    #[instrument(level = "debug", name = "list orgs all", skip_all)]
    pub async fn all(&self, page: PageRequest<OrgId>) -> Result<Page<Org, OrgId>, ListOrgsError> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.orgs().list(page).await?)
    }
}
