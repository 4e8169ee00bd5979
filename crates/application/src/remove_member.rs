//! Taking a member out of an organisation, or leaving it.

use doorward_domain::{UserId, audit::AuditKind, ports::StorageError, role::Permission};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    authorize::Forbidden,
    in_org::{self, OrgDenied},
};

/// Ends a membership, from the member's next request on. One's own may be ended by everybody.
#[derive(Debug)]
pub struct RemoveMember {
    ports: Ports,
    settings: Settings,
}

/// The member stays.
#[derive(Debug, thiserror::Error)]
pub enum RemoveMemberError {
    /// The caller may not take the member out, or there is no such member.
    #[error(transparent)]
    Denied(#[from] OrgDenied),
    /// The organisation would have no owner.
    #[error("the last owner stays")]
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

    /// Runs the use case for ids as they were sent.
    ///
    /// # Errors
    /// See [`RemoveMemberError`].
    #[instrument(level = "debug", name = "remove member", skip_all)]
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
            in_org::change(&self.ports, &self.settings, caller, org_id, needed).await?;
        let user_id = parsed.ok_or(OrgDenied::NotFound)?;
        let org_id = workspace.org.id;
        let member = work.memberships().find(org_id, user_id).await?.ok_or(OrgDenied::NotFound)?;
        if !leaves && !workspace.role.may_remove(member.role) {
            return Err(OrgDenied::from(Forbidden::from(needed)).into());
        }
        if in_org::is_last_owner(work.as_mut(), org_id, user_id, member.role).await? {
            return Err(RemoveMemberError::LastOwner);
        }
        work.memberships().remove(org_id, user_id).await?;
        let kind = if leaves { AuditKind::MemberLeft } else { AuditKind::MemberRemoved };
        Ok(in_org::commit(&self.ports, work, caller, kind, org_id, user_id).await?)
    }
}
