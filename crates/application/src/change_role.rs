//! Giving a member another role.

use doorward_domain::{
    UserId,
    audit::AuditKind,
    ports::StorageError,
    role::{Permission, Role},
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    authorize::Forbidden,
    in_org::{self, OrgDenied},
};

/// Changes a member's role, which holds from their next request on.
#[derive(Debug)]
pub struct ChangeRole {
    ports: Ports,
    settings: Settings,
}

/// The role stays.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRoleError {
    /// The caller may not change it, or there is no such member.
    #[error(transparent)]
    Denied(#[from] OrgDenied),
    /// The organisation would have no owner.
    #[error("the last owner stays one")]
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

    /// Runs the use case for ids as they were sent.
    ///
    /// # Errors
    /// See [`ChangeRoleError`].
    #[instrument(level = "debug", name = "change role", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        user_id: &str,
        role: Role,
    ) -> Result<(), ChangeRoleError> {
        let needed = Permission::MemberUpdate;
        let (mut work, workspace) =
            in_org::change(&self.ports, &self.settings, caller, org_id, needed).await?;
        let user_id: UserId = user_id.parse().map_err(|_| OrgDenied::NotFound)?;
        let org_id = workspace.org.id;
        let member = work.memberships().find(org_id, user_id).await?.ok_or(OrgDenied::NotFound)?;
        if !workspace.role.may_change(member.role, role) {
            return Err(OrgDenied::from(Forbidden::from(needed)).into());
        }
        if member.role == role {
            return Ok(());
        }
        if in_org::is_last_owner(work.as_mut(), org_id, user_id, member.role).await? {
            return Err(ChangeRoleError::LastOwner);
        }
        work.memberships().set_role(org_id, user_id, role).await?;
        let kind = AuditKind::MemberRoleChanged;
        Ok(in_org::commit(&self.ports, work, caller, kind, org_id, user_id).await?)
    }
}
