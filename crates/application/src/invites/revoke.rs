//! Revoking an invite.

use doorward_domain::{InviteId, OrgId, audit::AuditKind, org::role::Permission};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::org::{self, OrgAccessError},
    events::audit,
};

/// Revokes a pending invite. Its link becomes invalid.
#[derive(Debug)]
pub struct RevokeInvite {
    ports: Ports,
    settings: Settings,
}

impl RevokeInvite {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Revokes an invite of one of the caller's organizations. Requires [`Permission::InviteRevoke`]. The IDs are
    /// parsed as the client sent them.
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "revoke_invite", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        invite_id: &str,
    ) -> Result<(), OrgAccessError> {
        let needed = Permission::InviteRevoke;
        let (mut work, workspace) =
            org::authorize_write(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id: InviteId = invite_id.parse().map_err(|_| OrgAccessError::NotFound)?;
        let org_id = workspace.org.id;
        if !work.invites().revoke(org_id, id, self.ports.clock.now()).await? {
            return Err(OrgAccessError::NotFound);
        }
        let kind = AuditKind::InviteRevoked;
        Ok(org::commit(&self.ports, work, caller, kind, org_id, caller.user.id).await?)
    }

    /// Revokes an invite of any organization. Performs no authorization; call only on behalf of a trusted operator.
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "revoke_invite_of", skip_all)]
    pub async fn of(&self, org_id: OrgId, id: InviteId) -> Result<(), OrgAccessError> {
        let mut work = self.ports.storage.begin().await?;
        if !work.invites().revoke(org_id, id, self.ports.clock.now()).await? {
            return Err(OrgAccessError::NotFound);
        }
        let event = audit::by_system(&self.ports, AuditKind::InviteRevoked);
        let event = doorward_domain::audit::AuditEvent { org_id: Some(org_id), ..event };
        work.audit().record(&event).await?;
        Ok(work.commit().await?)
    }
}
