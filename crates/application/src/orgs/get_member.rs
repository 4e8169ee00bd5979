//! Getting one member of an organization.

use doorward_domain::{
    UserId,
    org::{OrgWithRole, membership::Member, role::Permission},
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::org::{self, OrgAccessError},
};

/// Returns one member of an organization, as [`ListMembers`](crate::orgs::list_members::ListMembers) returns all members.
/// Requires [`Permission::MemberList`].
#[derive(Debug)]
pub struct GetMember {
    ports: Ports,
    settings: Settings,
}

impl GetMember {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns the organization, and the member with the fields that the caller may see.
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "get_member", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        user_id: &str,
    ) -> Result<(OrgWithRole, Member), OrgAccessError> {
        let needed = Permission::MemberList;
        let (mut repositories, workspace) =
            org::authorize_read(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id: UserId = user_id.parse().map_err(|_| OrgAccessError::NotFound)?;
        let membership = repositories.memberships().find(workspace.org.id, id).await?;
        let membership = membership.ok_or(OrgAccessError::NotFound)?;
        let user = repositories.users().find(id).await?.ok_or(OrgAccessError::NotFound)?;
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
