//! Accepting an invite to an organization.

use doorward_domain::{
    InviteId,
    audit::AuditKind,
    org::{OrgWithRole, invite::Invite, membership::Membership},
    ports::{StorageError, UnitOfWork},
    token::{TokenPurpose, TokenRef},
};
use tracing::instrument;

use crate::{Caller, CommonError, Ports, access::org, error::common_error, events::audit};

/// Accepts an invite, and adds the caller to the organization with the role of the invite. A caller who is a member already
/// keeps their role.
///
/// The caller's email address has to be that of the invite. Because the token was sent to that address, accepting verifies
/// the address.
#[derive(Debug)]
pub struct AcceptInvite {
    ports: Ports,
}

/// Errors returned by [`AcceptInvite::run`].
#[derive(Debug, thiserror::Error)]
pub enum AcceptInviteError {
    /// The invite was used, revoked, or renewed, has expired, or doesn't exist; or the inviter may no longer invite.
    #[error("the invite is not valid")]
    Invalid,
    /// The invite is for another email address.
    #[error("the invite is for another email address")]
    EmailMismatch,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(AcceptInviteError: StorageError);

impl AcceptInvite {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Accepts an invite, given its token as the client sent it. Returns the organization and the caller's role in it. A token
    /// that this server did not issue costs no query.
    ///
    /// # Errors
    /// See [`AcceptInviteError`].
    #[instrument(level = "debug", name = "accept_invite", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        token: &str,
    ) -> Result<OrgWithRole, AcceptInviteError> {
        let token = self.ports.opaque_tokens.verify(TokenPurpose::Invite, token);
        let token = token.ok_or(AcceptInviteError::Invalid)?;
        let mut repositories = self.ports.storage.connect().await?;
        let invite = repositories.invites().find(InviteId::from_uuid(token.id)).await?;
        drop(repositories);
        let invite = invite.ok_or(AcceptInviteError::Invalid)?;
        if invite.email.key() != caller.user.email.key() {
            return Err(AcceptInviteError::EmailMismatch);
        }
        self.join(caller, &invite, token).await
    }

    async fn join(
        &self,
        caller: &Caller,
        invite: &Invite,
        token: TokenRef,
    ) -> Result<OrgWithRole, AcceptInviteError> {
        let (org_id, user_id, now) = (invite.org_id, caller.user.id, self.ports.clock.now());
        let mut work = self.ports.storage.begin().await?;
        if !work.orgs().lock(org_id).await? {
            return Err(AcceptInviteError::Invalid);
        }
        // The database checks: the invite may have been used since it was read.
        let accepted = work.invites().accept(invite.id, token.counter, now).await?;
        if accepted {
            let membership = Membership { user_id, org_id, role: invite.role, joined_at: now };
            work.memberships().insert(&membership).await?;
            self.verify(work.as_mut(), caller).await?;
        }
        // A member gets the same response again, because users click links twice.
        let workspace = work.orgs().find_for(org_id, user_id).await?;
        let workspace = workspace.ok_or(AcceptInviteError::Invalid)?;
        if accepted {
            let kind = AuditKind::InviteAccepted;
            org::commit(&self.ports, work, caller, kind, org_id, user_id).await?;
        }
        Ok(workspace)
    }

    /// Marks the caller's email address as verified: the holder of the token has read the email that contained it.
    async fn verify(
        &self,
        work: &mut dyn UnitOfWork,
        caller: &Caller,
    ) -> Result<(), AcceptInviteError> {
        let (user, now) = (&caller.user, self.ports.clock.now());
        if user.is_verified() {
            return Ok(());
        }
        // The address may have been changed since the caller was read.
        if !work.users().verify_email(user.id, &user.email, now).await? {
            return Err(AcceptInviteError::EmailMismatch);
        }
        let (kind, session) = (AuditKind::EmailVerified, Some(caller.session_id));
        let org = caller.org_id();
        let event = audit::event(&self.ports, kind, &caller.client, user.id, org, session);
        work.audit().record(&event).await?;
        Ok(())
    }
}
