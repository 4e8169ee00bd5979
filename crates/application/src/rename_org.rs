//! Giving an organisation another name.

use doorward_domain::{
    audit::AuditKind,
    org::{Org, OrgName, Workspace},
    role::Permission,
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    in_org::{self, OrgDenied},
};

/// Renames an organisation, which may be somebody's personal one.
#[derive(Debug)]
pub struct RenameOrg {
    ports: Ports,
    settings: Settings,
}

impl RenameOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case for an organisation's id as it was sent.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "rename org", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        name: OrgName,
    ) -> Result<Workspace, OrgDenied> {
        let needed = Permission::OrgUpdate;
        let (mut work, Workspace { org, role }) =
            in_org::change(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id = org.id;
        if !work.orgs().rename(id, &name).await? {
            return Err(OrgDenied::NotFound);
        }
        let kind = AuditKind::OrgRenamed;
        in_org::commit(&self.ports, work, caller, kind, id, caller.user.id).await?;
        Ok(Workspace { org: Org { name, ..org }, role })
    }
}
