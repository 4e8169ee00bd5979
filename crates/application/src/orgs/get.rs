//! Getting an organization.

use doorward_domain::{
    OrgId,
    org::{Org, OrgWithRole, role::Permission},
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::org::{self, OrgAccessError},
};

/// Returns one organization.
#[derive(Debug)]
pub struct GetOrg {
    ports: Ports,
    settings: Settings,
}

impl GetOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns an organization that the caller is a member of. Requires [`Permission::OrgRead`].
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "get_org", skip_all)]
    pub async fn run(&self, caller: &Caller, org_id: &str) -> Result<OrgWithRole, OrgAccessError> {
        let needed = Permission::OrgRead;
        let (_, workspace) =
            org::authorize_read(&self.ports, &self.settings, caller, org_id, needed).await?;
        Ok(workspace)
    }

    /// As [`run`](Self::run), with `true` if the caller is the organization's last owner, who can't leave it.
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "get_org_to_leave", skip_all)]
    pub async fn with_last_owner(
        &self,
        caller: &Caller,
        org_id: &str,
    ) -> Result<(OrgWithRole, bool), OrgAccessError> {
        let needed = Permission::OrgRead;
        let (mut repositories, workspace) =
            org::authorize_read(&self.ports, &self.settings, caller, org_id, needed).await?;
        let (id, user_id) = (workspace.org.id, caller.user.id);
        let is_last_owner =
            org::is_last_owner(repositories.as_mut(), id, user_id, workspace.role).await?;
        Ok((workspace, is_last_owner))
    }

    /// Returns any organization. Performs no authorization; call only on behalf of a trusted operator.
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "get_org_by_id", skip_all)]
    pub async fn by_id(&self, id: OrgId) -> Result<Org, OrgAccessError> {
        let mut repositories = self.ports.storage.connect().await?;
        repositories.orgs().find(id).await?.ok_or(OrgAccessError::NotFound)
    }
}
