//! Deleting an organization.

use doorward_domain::{
    audit::AuditKind,
    org::{OrgWithRole, role::Permission},
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::org::{self, OrgAccessError},
};

/// Deletes an organization with its memberships and invites. Requires [`Permission::OrgDelete`].
///
/// Access tokens for the organization become invalid. The members' sessions continue in another of their
/// organizations.
#[derive(Debug)]
pub struct DeleteOrg {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`DeleteOrg::run`].
#[derive(Debug, thiserror::Error)]
pub enum DeleteOrgError {
    /// The caller may not delete the organization.
    #[error(transparent)]
    Denied(#[from] OrgAccessError),
    /// The organization is a user's personal one.
    #[error("a personal organization can't be deleted")]
    Personal,
}

impl DeleteOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Deletes the organization with this ID, which is parsed as the client sent it.
    ///
    /// # Errors
    /// See [`DeleteOrgError`].
    #[instrument(level = "debug", name = "delete_org", skip_all)]
    pub async fn run(&self, caller: &Caller, org_id: &str) -> Result<(), DeleteOrgError> {
        let needed = Permission::OrgDelete;
        let (mut work, OrgWithRole { org, .. }) =
            org::authorize_write(&self.ports, &self.settings, caller, org_id, needed).await?;
        if !org.kind.is_shared() {
            return Err(DeleteOrgError::Personal);
        }
        work.orgs().delete(org.id).await.map_err(OrgAccessError::from)?;
        let kind = AuditKind::OrgDeleted;
        let done = org::commit(&self.ports, work, caller, kind, org.id, caller.user.id).await;
        Ok(done.map_err(OrgAccessError::from)?)
    }
}
