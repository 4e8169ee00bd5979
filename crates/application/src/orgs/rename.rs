//! Renaming an organization.

use doorward_domain::{
    audit::AuditKind,
    org::{Org, OrgName, OrgWithRole, role::Permission},
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::org::{self, OrgAccessError},
};

/// Renames an organization, which may be a user's personal one. Requires [`Permission::OrgUpdate`].
#[derive(Debug)]
pub struct RenameOrg {
    ports: Ports,
    settings: Settings,
}

impl RenameOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Renames the organization with this ID, which is parsed as the client sent it. Returns the renamed organization
    /// and the caller's role in it.
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "rename_org", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        name: OrgName,
    ) -> Result<OrgWithRole, OrgAccessError> {
        let needed = Permission::OrgUpdate;
        let (mut work, OrgWithRole { org, role }) =
            org::authorize_write(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id = org.id;
        if !work.orgs().rename(id, &name).await? {
            return Err(OrgAccessError::NotFound);
        }
        let kind = AuditKind::OrgRenamed;
        org::commit(&self.ports, work, caller, kind, id, caller.user.id).await?;
        Ok(OrgWithRole { org: Org { name, ..org }, role })
    }
}
