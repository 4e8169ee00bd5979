//! Removing a member from an organization, or leaving it.

use doorward_domain::{UserId, audit::AuditKind, org::role::Permission, ports::StorageError};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::{
        denied::Forbidden,
        org::{self, OrgAccessError},
    },
};

/// Removes a member from an organization. Takes effect with the member's next request.
///
/// Requires [`Permission::MemberRemove`], and that the caller's role permits it
/// ([`Role::may_remove`](doorward_domain::org::role::Role::may_remove)). All members may remove themselves.
#[derive(Debug)]
pub struct RemoveMember {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`RemoveMember::run`]. The membership is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum RemoveMemberError {
    /// The caller may not remove the member, or the member doesn't exist.
    #[error(transparent)]
    Denied(#[from] OrgAccessError),
    /// The organization would have no owner.
    #[error("the last owner of an organization can't be removed")]
    LastOwner,
}

impl From<StorageError> for RemoveMemberError {
    fn from(error: StorageError) -> Self {
        Self::Denied(error.into())
    }
}

impl RemoveMember {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Removes the member. The IDs are parsed as the client sent them.
    ///
    /// # Errors
    /// See [`RemoveMemberError`].
    #[instrument(level = "debug", name = "remove_member", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        user_id: &str,
    ) -> Result<(), RemoveMemberError> {
        let parsed: Option<UserId> = user_id.parse().ok();
        let leaves = parsed == Some(caller.user.id);
        let needed = if leaves { Permission::OrgAccess } else { Permission::MemberRemove };
        let (mut work, workspace) =
            org::authorize_write(&self.ports, &self.settings, caller, org_id, needed).await?;
        let user_id = parsed.ok_or(OrgAccessError::NotFound)?;
        let org_id = workspace.org.id;
        let member =
            work.memberships().find(org_id, user_id).await?.ok_or(OrgAccessError::NotFound)?;
        if !leaves && !workspace.role.may_remove(member.role) {
            return Err(OrgAccessError::from(Forbidden::from(needed)).into());
        }
        if org::is_last_owner(work.as_mut(), org_id, user_id, member.role).await? {
            return Err(RemoveMemberError::LastOwner);
        }
        work.memberships().remove(org_id, user_id).await?;
        let kind = if leaves { AuditKind::MemberLeft } else { AuditKind::MemberRemoved };
        Ok(org::commit(&self.ports, work, caller, kind, org_id, user_id).await?)
    }
}
