//! The first line of each use case in an organisation: does this person belong to it, and may they do
//! that there?
//!
//! What counts is the role in the organisation that the request names, as the database has it now: not
//! that in the access token, which may be for another one.

use doorward_domain::{
    OrgId, UserId,
    audit::AuditKind,
    org::Workspace,
    ports::{Repositories, StorageError, UnitOfWork},
    role::{Permission, Role},
};

use crate::{
    Caller, Failure, Ports, Settings, audit,
    authorize::{self, Forbidden},
    failure::fails_with,
};

/// Nothing is told of an organisation, or done in it.
#[derive(Debug, thiserror::Error)]
pub enum OrgDenied {
    /// The caller does not belong to it, or there is none with this id, or it has no such member or
    /// invite: these are not told apart.
    #[error("the caller has no such organization")]
    NotFound,
    /// The caller's role there does not permit it; or [`Forbidden::EMAIL_UNVERIFIED`], where that is
    /// required.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(OrgDenied: StorageError);

/// To look at an organisation.
pub(crate) async fn look(
    ports: &Ports,
    settings: &Settings,
    caller: &Caller,
    org_id: &str,
    permission: Permission,
) -> Result<(Box<dyn Repositories>, Workspace), OrgDenied> {
    authorize::verified(caller, settings)?;
    let id = org_id.parse().map_err(|_| OrgDenied::NotFound)?;
    let mut repositories = ports.storage.connect().await?;
    let workspace = permitted(repositories.as_mut(), id, caller.user.id, permission).await?;
    Ok((repositories, workspace))
}

/// To change something in an organisation. Nobody else changes anything in it until the unit of work ends,
/// so what was judged holds for as long.
pub(crate) async fn change(
    ports: &Ports,
    settings: &Settings,
    caller: &Caller,
    org_id: &str,
    permission: Permission,
) -> Result<(Box<dyn UnitOfWork>, Workspace), OrgDenied> {
    authorize::verified(caller, settings)?;
    let id = org_id.parse().map_err(|_| OrgDenied::NotFound)?;
    change_by(ports, caller.user.id, id, permission).await
}

/// As [`change`], for somebody who may not be signed in.
pub(crate) async fn change_by(
    ports: &Ports,
    user_id: UserId,
    org_id: OrgId,
    permission: Permission,
) -> Result<(Box<dyn UnitOfWork>, Workspace), OrgDenied> {
    let mut work = ports.storage.begin().await?;
    if !work.orgs().lock(org_id).await? {
        return Err(OrgDenied::NotFound);
    }
    let workspace = permitted(work.as_mut(), org_id, user_id, permission).await?;
    Ok((work, workspace))
}

async fn permitted(
    repositories: &mut dyn Repositories,
    org_id: OrgId,
    user_id: UserId,
    permission: Permission,
) -> Result<Workspace, OrgDenied> {
    let workspace = repositories.orgs().find_for(org_id, user_id).await?;
    let workspace = workspace.ok_or(OrgDenied::NotFound)?;
    if workspace.permits(permission) {
        Ok(workspace)
    } else {
        Err(Forbidden::from(permission).into())
    }
}

/// Whether an organization would be left without an active owner if this member left or had another role.
pub(crate) async fn is_last_owner(
    repositories: &mut dyn Repositories,
    org_id: OrgId,
    user_id: UserId,
    role: Role,
) -> Result<bool, StorageError> {
    Ok(role == Role::Owner && !repositories.memberships().has_other_owner(org_id, user_id).await?)
}

/// Writes down what the caller did in an organisation, and to whom, and makes it last.
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
    tracing::info!(event = kind.as_str(), %org_id, user_id = %concerned, %by, "organization changed");
    Ok(())
}
