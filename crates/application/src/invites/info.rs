//! Getting an invite before accepting it.

use doorward_domain::{
    InviteId,
    account::email::EmailAddress,
    org::{Org, OrgName, OrgWithRole, invite::Invite, role::Role},
    ports::{Repositories, StorageError},
    token::TokenPurpose,
};
use tracing::instrument;

use crate::{Caller, CommonError, Ports, error::common_error};

/// Returns what the holder of an invite's token may know about the invite. The token authorizes the caller.
#[derive(Debug)]
pub struct GetInviteInfo {
    ports: Ports,
}

/// The recipient of an invite, and whether it can be accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InviteInfo {
    /// The email address that the invite is for; `None` if the token was not issued by this server.
    pub email: Option<EmailAddress>,
    /// Whether the invite can be accepted.
    pub valid: bool,
}

/// An open invite, as the holder of its token sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The email address that the invite is for.
    pub email: EmailAddress,
    /// The organization that the user joins.
    pub org: OrgName,
    /// The role that the user gets in the organization.
    pub role: Role,
    /// The full name of the inviter, or their username if they have none.
    pub invited_by: String,
    /// Whether an account with that email address exists.
    pub has_account: bool,
}

/// The state of an invite, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationState {
    /// The invite can be accepted.
    Open(Invitation),
    /// The invite is for the signed-in user, who is a member of the organization already.
    Joined(Org),
    /// The invite doesn't exist, has expired, or was used, revoked, or renewed; or the inviter may no longer invite.
    Closed,
}

/// Errors returned by [`GetInviteInfo::run`] and [`GetInviteInfo::invitation`].
#[derive(Debug, thiserror::Error)]
pub enum InviteInfoError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(InviteInfoError: StorageError);

impl GetInviteInfo {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Returns the recipient of an invite, and whether it can be accepted. A token that this server did not issue costs no
    /// query.
    ///
    /// # Errors
    /// See [`InviteInfoError`].
    #[instrument(level = "debug", name = "invite_info", skip_all)]
    pub async fn run(&self, token: &str) -> Result<InviteInfo, InviteInfoError> {
        let Some(token) = self.ports.opaque_tokens.verify(TokenPurpose::Invite, token) else {
            return Ok(InviteInfo::default());
        };
        let mut repositories = self.ports.storage.connect().await?;
        let invite = repositories.invites().find(InviteId::from_uuid(token.id)).await?;
        let Some(invite) = invite else { return Ok(InviteInfo::default()) };
        let mut valid = invite.is_open(token.counter, self.ports.clock.now());
        if valid {
            let inviter = repositories.memberships().find(invite.org_id, invite.invited_by).await?;
            valid = inviter.is_some_and(|inviter| inviter.role.may_invite_as(invite.role));
        }
        Ok(InviteInfo { email: Some(invite.email), valid })
    }

    /// Returns the state of an invite for the holder of its token, who may be signed in.
    ///
    /// # Errors
    /// See [`InviteInfoError`].
    #[instrument(level = "debug", name = "invite_info_invitation", skip_all)]
    pub async fn invitation(
        &self,
        token: &str,
        caller: Option<&Caller>,
    ) -> Result<InvitationState, InviteInfoError> {
        let Some(token) = self.ports.opaque_tokens.verify(TokenPurpose::Invite, token) else {
            return Ok(InvitationState::Closed);
        };
        let mut repositories = self.ports.storage.connect().await?;
        let repositories = repositories.as_mut();
        let invite = repositories.invites().find(InviteId::from_uuid(token.id)).await?;
        let Some(invite) = invite else { return Ok(InvitationState::Closed) };
        let invited = caller.filter(|caller| caller.user.email.key() == invite.email.key());
        if let Some(caller) = invited {
            let workspace = repositories.orgs().find_for(invite.org_id, caller.user.id).await?;
            if let Some(OrgWithRole { org, .. }) = workspace {
                return Ok(InvitationState::Joined(org));
            }
        }
        if !invite.is_open(token.counter, self.ports.clock.now()) {
            return Ok(InvitationState::Closed);
        }
        let open = opened(repositories, invite).await?;
        Ok(open.map_or(InvitationState::Closed, InvitationState::Open))
    }
}

/// Returns an open invite as its holder sees it, or `None` if the inviter may no longer invite.
async fn opened(
    repositories: &mut dyn Repositories,
    invite: Invite,
) -> Result<Option<Invitation>, StorageError> {
    let workspace = repositories.orgs().find_for(invite.org_id, invite.invited_by).await?;
    let workspace = workspace.filter(|inviter| inviter.role.may_invite_as(invite.role));
    let Some(workspace) = workspace else { return Ok(None) };
    let inviter = repositories.users().find(invite.invited_by).await?;
    let Some(inviter) = inviter else { return Ok(None) };
    let has_account = repositories.users().find_by_email(&invite.email).await?.is_some();
    Ok(Some(Invitation {
        email: invite.email,
        org: workspace.org.name,
        role: invite.role,
        invited_by: inviter.display_name().to_owned(),
        has_account,
    }))
}
