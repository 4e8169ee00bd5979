//! Changing a member's role.

use doorward_domain::{
    UserId,
    audit::AuditKind,
    org::role::{Permission, Role},
    ports::StorageError,
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::{
        denied::Forbidden,
        org::{self, OrgAccessError},
    },
};

/// Changes a member's role in an organization. Takes effect with the member's next request.
///
/// Requires [`Permission::MemberUpdate`], and that the caller's role permits the change ([`Role::may_change`]).
#[derive(Debug)]
pub struct ChangeRole {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`ChangeRole::run`]. The role is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRoleError {
    /// The caller may not change the role, or the member doesn't exist.
    #[error(transparent)]
    Denied(#[from] OrgAccessError),
    /// The organization would have no owner.
    #[error("the last owner of an organization can't get another role")]
    LastOwner,
}

impl From<StorageError> for ChangeRoleError {
    fn from(error: StorageError) -> Self {
        Self::Denied(error.into())
    }
}

impl ChangeRole {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Changes the role. The IDs are parsed as the client sent them.
    ///
    /// # Errors
    /// See [`ChangeRoleError`].
    #[instrument(level = "debug", name = "change_role", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        user_id: &str,
        role: Role,
    ) -> Result<(), ChangeRoleError> {
        let needed = Permission::MemberUpdate;
        let (mut work, workspace) =
            org::authorize_write(&self.ports, &self.settings, caller, org_id, needed).await?;
        let user_id: UserId = user_id.parse().map_err(|_| OrgAccessError::NotFound)?;
        let org_id = workspace.org.id;
        let member =
            work.memberships().find(org_id, user_id).await?.ok_or(OrgAccessError::NotFound)?;
        if !workspace.role.may_change(member.role, role) {
            return Err(OrgAccessError::from(Forbidden::from(needed)).into());
        }
        if member.role == role {
            return Ok(());
        }
        if org::is_last_owner(work.as_mut(), org_id, user_id, member.role).await? {
            return Err(ChangeRoleError::LastOwner);
        }
        work.memberships().set_role(org_id, user_id, role).await?;
        let kind = AuditKind::MemberRoleChanged;
        Ok(org::commit(&self.ports, work, caller, kind, org_id, user_id).await?)
    }
}
