//! Getting one pending invite of an organization.

use doorward_domain::{
    InviteId,
    org::{
        OrgWithRole,
        invite::{Invite, InviteState},
        role::Permission,
    },
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::org::{self, OrgAccessError},
};

/// Returns one pending invite, as [`ListInvites`](crate::invites::list::ListInvites) returns all of them. Requires
/// [`Permission::InviteList`].
#[derive(Debug)]
pub struct GetInvite {
    ports: Ports,
    settings: Settings,
}

impl GetInvite {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns the organization and the invite.
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "get_invite", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        invite_id: &str,
    ) -> Result<(OrgWithRole, Invite), OrgAccessError> {
        let needed = Permission::InviteList;
        let (mut repositories, workspace) =
            org::authorize_read(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id: InviteId = invite_id.parse().map_err(|_| OrgAccessError::NotFound)?;
        let invite = repositories.invites().find(id).await?;
        let is_pending = |invite: &Invite| {
            invite.org_id == workspace.org.id && invite.state == InviteState::Pending
        };
        let invite = invite.filter(is_pending).ok_or(OrgAccessError::NotFound)?;
        Ok((workspace, invite))
    }
}
