//! Listing organizations.

use doorward_domain::{
    OrgId,
    org::{Org, OrgWithRole},
    pagination::{Page, PageQuery},
    ports::StorageError,
};
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::{self, Forbidden},
    error::common_error,
};

/// Lists organizations, newest first.
#[derive(Debug)]
pub struct ListOrgs {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`ListOrgs::own`] and [`ListOrgs::all`].
#[derive(Debug, thiserror::Error)]
pub enum ListOrgsError {
    /// [`Forbidden::EMAIL_UNVERIFIED`], if the settings require a verified email address and the caller's is not verified.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ListOrgsError: StorageError);

impl ListOrgs {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns the organizations that the caller is a member of, each with the caller's role.
    ///
    /// # Errors
    /// See [`ListOrgsError`].
    #[instrument(level = "debug", name = "list_orgs_own", skip_all)]
    pub async fn own(
        &self,
        caller: &Caller,
        page: PageQuery<OrgId>,
    ) -> Result<Page<OrgWithRole, OrgId>, ListOrgsError> {
        denied::require_verified_email(caller, &self.settings)?;
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.orgs().list_for(caller.user.id, page).await?)
    }

    /// Returns all organizations. Performs no authorization; call only on behalf of a trusted operator.
    ///
    /// # Errors
    /// See [`ListOrgsError`].
    #[instrument(level = "debug", name = "list_orgs_all", skip_all)]
    pub async fn all(&self, page: PageQuery<OrgId>) -> Result<Page<Org, OrgId>, ListOrgsError> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.orgs().list(page).await?)
    }
}
