//! Getting one member of an organization.

use doorward_domain::{UserId, membership::Member, org::Workspace, role::Permission};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    in_org::{self, OrgDenied},
};

/// Returns one member of an organization, as [`ListMembers`](crate::list_members::ListMembers) returns all.
#[derive(Debug)]
pub struct GetMember {
    ports: Ports,
    settings: Settings,
}

impl GetMember {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns the member as the caller may see them, and the organization.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "get member", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        user_id: &str,
    ) -> Result<(Workspace, Member), OrgDenied> {
        let needed = Permission::MemberList;
        let (mut repositories, workspace) =
            in_org::look(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id: UserId = user_id.parse().map_err(|_| OrgDenied::NotFound)?;
        let membership = repositories.memberships().find(workspace.org.id, id).await?;
        let membership = membership.ok_or(OrgDenied::NotFound)?;
        let user = repositories.users().find(id).await?.ok_or(OrgDenied::NotFound)?;
        let member = Member {
            user_id: user.id,
            username: user.username,
            full_name: user.profile.full_name,
            email: Some(user.email),
            role: membership.role,
            joined_at: membership.joined_at,
        };
        let member = member.seen_by(workspace.role);
        Ok((workspace, member))
    }
}
