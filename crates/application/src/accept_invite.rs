//! Joining an organisation.

use doorward_domain::{
    InviteId,
    audit::AuditKind,
    invite::Invite,
    membership::Membership,
    org::Workspace,
    ports::{StorageError, UnitOfWork},
    token::{TokenPurpose, TokenRef},
};
use tracing::instrument;

use crate::{Caller, Failure, Ports, audit, failure::fails_with, in_org};

/// Uses an invite up, and makes the caller a member as whom it invites. Who is a member already stays
/// what they are. The token was mailed to the caller's address, so an address that was not verified is now.
#[derive(Debug)]
pub struct AcceptInvite {
    ports: Ports,
}

/// Nobody joined.
#[derive(Debug, thiserror::Error)]
pub enum AcceptInviteError {
    /// It was used, revoked, renewed, is past its time, or never was; or whoever invited may not any more.
    #[error("the invite is not open")]
    Invalid,
    /// It is for another address.
    #[error("the invite is for another address")]
    EmailMismatch,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(AcceptInviteError: StorageError);

impl AcceptInvite {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case for a token as it was sent. A token that is none of ours costs no query.
    ///
    /// # Errors
    /// See [`AcceptInviteError`].
    #[instrument(level = "debug", name = "accept invite", skip_all)]
    pub async fn run(&self, caller: &Caller, token: &str) -> Result<Workspace, AcceptInviteError> {
        let token = self.ports.opaque_tokens.open(TokenPurpose::Invite, token);
        let token = token.ok_or(AcceptInviteError::Invalid)?;
        let mut repositories = self.ports.storage.connect().await?;
        let invite = repositories.invites().find(InviteId::from_uuid(token.row)).await?;
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
    ) -> Result<Workspace, AcceptInviteError> {
        let (org_id, user_id, now) = (invite.org_id, caller.user.id, self.ports.clock.now());
        let mut work = self.ports.storage.begin().await?;
        if !work.orgs().lock(org_id).await? {
            return Err(AcceptInviteError::Invalid);
        }
        // Judged by the database: it may have been used since it was read.
        let accepted = work.invites().accept(invite.id, token.counter, now).await?;
        if accepted {
            let membership = Membership { user_id, org_id, role: invite.role, joined_at: now };
            work.memberships().insert(&membership).await?;
            self.verify(work.as_mut(), caller).await?;
        }
        // A member gets the same answer again: links are clicked twice.
        let workspace = work.orgs().find_for(org_id, user_id).await?;
        let workspace = workspace.ok_or(AcceptInviteError::Invalid)?;
        if accepted {
            let kind = AuditKind::InviteAccepted;
            in_org::commit(&self.ports, work, caller, kind, org_id, user_id).await?;
        }
        Ok(workspace)
    }

    /// Marks the caller's address as verified: the holder of the token has read the email that it came in.
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
