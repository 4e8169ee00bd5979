//! Looking at an organisation.

use doorward_domain::{
    OrgId,
    org::{Org, Workspace},
    role::Permission,
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    in_org::{self, OrgDenied},
};

/// Tells of one organisation.
#[derive(Debug)]
pub struct GetOrg {
    ports: Ports,
    settings: Settings,
}

impl GetOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// One that the caller belongs to.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "get org", skip_all)]
    pub async fn run(&self, caller: &Caller, org_id: &str) -> Result<Workspace, OrgDenied> {
        let needed = Permission::OrgRead;
        let (_, workspace) =
            in_org::look(&self.ports, &self.settings, caller, org_id, needed).await?;
        Ok(workspace)
    }

    /// One that the caller belongs to, and whether the caller is its last owner, who can't leave it.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "get org to leave", skip_all)]
    pub async fn with_last_owner(
        &self,
        caller: &Caller,
        org_id: &str,
    ) -> Result<(Workspace, bool), OrgDenied> {
        let needed = Permission::OrgRead;
        let (mut repositories, workspace) =
            in_org::look(&self.ports, &self.settings, caller, org_id, needed).await?;
        let (id, user_id) = (workspace.org.id, caller.user.id);
        let is_last_owner =
            in_org::is_last_owner(repositories.as_mut(), id, user_id, workspace.role).await?;
        Ok((workspace, is_last_owner))
    }

    /// Any: for operators, who are asked nothing here.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "get org by id", skip_all)]
    pub async fn by_id(&self, id: OrgId) -> Result<Org, OrgDenied> {
        let mut repositories = self.ports.storage.connect().await?;
        repositories.orgs().find(id).await?.ok_or(OrgDenied::NotFound)
    }
}
