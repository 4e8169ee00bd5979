//! Authorization in an organization. Each use case for an organization first checks here that the caller is a
//! member of it and has the required permission.
//!
//! The check uses the caller's current role in the organization that the request names. The role in the access
//! token doesn't count: it may be outdated, or belong to another organization.

use doorward_domain::{
    OrgId, UserId,
    audit::AuditKind,
    org::{
        OrgWithRole,
        role::{Permission, Role},
    },
    ports::{Repositories, StorageError, UnitOfWork},
};

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::{self, Forbidden},
    error::common_error,
    events::audit,
};

/// Errors returned by use cases for an organization.
#[derive(Debug, thiserror::Error)]
pub enum OrgAccessError {
    /// The organization doesn't exist, the caller is not a member of it, or it has no such member or invite. The
    /// error doesn't reveal which.
    #[error("no such organization, member, or invite")]
    NotFound,
    /// The caller's role doesn't have the required permission; or [`Forbidden::EMAIL_UNVERIFIED`], if the settings
    /// require a verified email address and the caller's is not verified.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(OrgAccessError: StorageError);

/// Authorizes reading in an organization. Returns the organization and the repositories to read from.
pub(crate) async fn authorize_read(
    ports: &Ports,
    settings: &Settings,
    caller: &Caller,
    org_id: &str,
    permission: Permission,
) -> Result<(Box<dyn Repositories>, OrgWithRole), OrgAccessError> {
    denied::require_verified_email(caller, settings)?;
    let id = org_id.parse().map_err(|_| OrgAccessError::NotFound)?;
    let mut repositories = ports.storage.connect().await?;
    let workspace = permitted(repositories.as_mut(), id, caller.user.id, permission).await?;
    Ok((repositories, workspace))
}

/// Authorizes a change in an organization. Locks the organization until the unit of work ends, so the result of the
/// check stays valid until then.
pub(crate) async fn authorize_write(
    ports: &Ports,
    settings: &Settings,
    caller: &Caller,
    org_id: &str,
    permission: Permission,
) -> Result<(Box<dyn UnitOfWork>, OrgWithRole), OrgAccessError> {
    denied::require_verified_email(caller, settings)?;
    let id = org_id.parse().map_err(|_| OrgAccessError::NotFound)?;
    authorize_write_as(ports, caller.user.id, id, permission).await
}

/// As [`change`], for a user who doesn't have to be signed in. Doesn't check that the email address is verified.
pub(crate) async fn authorize_write_as(
    ports: &Ports,
    user_id: UserId,
    org_id: OrgId,
    permission: Permission,
) -> Result<(Box<dyn UnitOfWork>, OrgWithRole), OrgAccessError> {
    let mut work = ports.storage.begin().await?;
    if !work.orgs().lock(org_id).await? {
        return Err(OrgAccessError::NotFound);
    }
    let workspace = permitted(work.as_mut(), org_id, user_id, permission).await?;
    Ok((work, workspace))
}

async fn permitted(
    repositories: &mut dyn Repositories,
    org_id: OrgId,
    user_id: UserId,
    permission: Permission,
) -> Result<OrgWithRole, OrgAccessError> {
    let workspace = repositories.orgs().find_for(org_id, user_id).await?;
    let workspace = workspace.ok_or(OrgAccessError::NotFound)?;
    if workspace.permits(permission) {
        Ok(workspace)
    } else {
        Err(Forbidden::from(permission).into())
    }
}

/// Returns `true` if the organization would have no active owner after this member left or got another role.
pub(crate) async fn is_last_owner(
    repositories: &mut dyn Repositories,
    org_id: OrgId,
    user_id: UserId,
    role: Role,
) -> Result<bool, StorageError> {
    Ok(role == Role::Owner && !repositories.memberships().has_other_owner(org_id, user_id).await?)
}

/// Records in the audit trail what the caller did in the organization and which user it concerns, and commits.
pub(crate) async fn commit(
    ports: &Ports,
    mut work: Box<dyn UnitOfWork>,
    caller: &Caller,
    kind: AuditKind,
    org_id: OrgId,
    concerned: UserId,
) -> Result<(), StorageError> {
    let session = Some(caller.session_id);
    let event = audit::event(ports, kind, &caller.client, concerned, Some(org_id), session);
    work.audit().record(&event).await?;
    work.commit().await?;
    let by = caller.user.id;
    tracing::info!(event = kind.as_str(), %org_id, user_id = %concerned, actor_id = %by, "organization changed");
    Ok(())
}
