//! Taking an invite back.

use doorward_domain::{InviteId, OrgId, audit::AuditKind, role::Permission};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings, audit,
    in_org::{self, OrgDenied},
};

/// Takes a pending invite back: its link opens nothing from then on.
#[derive(Debug)]
pub struct RevokeInvite {
    ports: Ports,
    settings: Settings,
}

impl RevokeInvite {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case for ids as they were sent.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "revoke invite", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        invite_id: &str,
    ) -> Result<(), OrgDenied> {
        let needed = Permission::InviteRevoke;
        let (mut work, workspace) =
            in_org::change(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id: InviteId = invite_id.parse().map_err(|_| OrgDenied::NotFound)?;
        let org_id = workspace.org.id;
        if !work.invites().revoke(org_id, id, self.ports.clock.now()).await? {
            return Err(OrgDenied::NotFound);
        }
        let kind = AuditKind::InviteRevoked;
        Ok(in_org::commit(&self.ports, work, caller, kind, org_id, caller.user.id).await?)
    }

    /// Takes one of any organisation back: for operators, who are asked nothing here.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "revoke invite of", skip_all)]
    pub async fn of(&self, org_id: OrgId, id: InviteId) -> Result<(), OrgDenied> {
        let mut work = self.ports.storage.begin().await?;
        if !work.invites().revoke(org_id, id, self.ports.clock.now()).await? {
            return Err(OrgDenied::NotFound);
        }
        let event = audit::by_the_server(&self.ports, AuditKind::InviteRevoked);
        let event = doorward_domain::audit::AuditEvent { org_id: Some(org_id), ..event };
        work.audit().record(&event).await?;
        Ok(work.commit().await?)
    }
}
