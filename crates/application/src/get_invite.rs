//! Getting one pending invitation into an organization.

use doorward_domain::{
    InviteId,
    invite::{Invite, InviteState},
    org::Workspace,
    role::Permission,
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    in_org::{self, OrgDenied},
};

/// Returns one pending invitation, as [`ListInvites`](crate::list_invites::ListInvites) returns all.
#[derive(Debug)]
pub struct GetInvite {
    ports: Ports,
    settings: Settings,
}

impl GetInvite {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns the invitation and the organization.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "get invite", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        invite_id: &str,
    ) -> Result<(Workspace, Invite), OrgDenied> {
        let needed = Permission::InviteList;
        let (mut repositories, workspace) =
            in_org::look(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id: InviteId = invite_id.parse().map_err(|_| OrgDenied::NotFound)?;
        let invite = repositories.invites().find(id).await?;
        let is_pending = |invite: &Invite| {
            invite.org_id == workspace.org.id && invite.state == InviteState::Pending
        };
        let invite = invite.filter(is_pending).ok_or(OrgDenied::NotFound)?;
        Ok((workspace, invite))
    }
}
