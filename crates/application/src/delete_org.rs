//! Deleting an organisation.

use doorward_domain::{audit::AuditKind, org::Workspace, role::Permission};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    in_org::{self, OrgDenied},
};

/// Deletes an organisation with its memberships and invites. Access tokens for it stop working; its members' sessions go on in another of theirs.
#[derive(Debug)]
pub struct DeleteOrg {
    ports: Ports,
    settings: Settings,
}

/// The organisation stays.
#[derive(Debug, thiserror::Error)]
pub enum DeleteOrgError {
    /// The caller may not delete it.
    #[error(transparent)]
    Denied(#[from] OrgDenied),
    /// It is somebody's personal one.
    #[error("a personal organization is not deleted")]
    Personal,
}

impl DeleteOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case for an organisation's id as it was sent.
    ///
    /// # Errors
    /// See [`DeleteOrgError`].
    #[instrument(level = "debug", name = "delete org", skip_all)]
    pub async fn run(&self, caller: &Caller, org_id: &str) -> Result<(), DeleteOrgError> {
        let needed = Permission::OrgDelete;
        let (mut work, Workspace { org, .. }) =
            in_org::change(&self.ports, &self.settings, caller, org_id, needed).await?;
        if !org.kind.is_shared() {
            return Err(DeleteOrgError::Personal);
        }
        work.orgs().delete(org.id).await.map_err(OrgDenied::from)?;
        let kind = AuditKind::OrgDeleted;
        let done = in_org::commit(&self.ports, work, caller, kind, org.id, caller.user.id).await;
        Ok(done.map_err(OrgDenied::from)?)
    }
}
