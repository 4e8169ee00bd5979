//! Looking at an invite before using it.

use doorward_domain::{
    InviteId,
    email::EmailAddress,
    invite::Invite,
    org::{Org, OrgName, Workspace},
    ports::{Repositories, StorageError},
    role::Role,
    token::TokenPurpose,
};
use tracing::instrument;

use crate::{Caller, Failure, Ports, failure::fails_with};

/// Tells the holder of an invite's token whom it is for and whether it is still open.
#[derive(Debug)]
pub struct GetInviteInfo {
    ports: Ports,
}

/// What the holder of a token may know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InviteInfo {
    /// The address that the invite is for; `None` if the token is none of ours.
    pub email: Option<EmailAddress>,
    /// Whether it may still be used.
    pub valid: bool,
}

/// An invite that is open, as the person sees it who holds its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The address that it is for.
    pub email: EmailAddress,
    /// The organisation that it leads into.
    pub org: OrgName,
    /// What the person will be there.
    pub role: Role,
    /// Who invites: their name, or else their user name.
    pub invited_by: String,
    /// Whether there is an account with that address.
    pub has_account: bool,
}

/// What the page of an invite shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationState {
    /// It can be accepted.
    Open(Invitation),
    /// It is for the user who is signed in, who is a member already.
    Joined(Org),
    /// It was never issued, has expired, or was used, revoked, or renewed; or the inviter may not invite any more.
    Closed,
}

/// Nothing could be told.
#[derive(Debug, thiserror::Error)]
pub enum InviteInfoError {
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(InviteInfoError: StorageError);

impl GetInviteInfo {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case. A token that is none of ours costs no query.
    ///
    /// # Errors
    /// See [`InviteInfoError`].
    #[instrument(level = "debug", name = "invite info", skip_all)]
    pub async fn run(&self, token: &str) -> Result<InviteInfo, InviteInfoError> {
        let Some(token) = self.ports.opaque_tokens.open(TokenPurpose::Invite, token) else {
            return Ok(InviteInfo::default());
        };
        let mut repositories = self.ports.storage.connect().await?;
        let invite = repositories.invites().find(InviteId::from_uuid(token.row)).await?;
        let Some(invite) = invite else { return Ok(InviteInfo::default()) };
        let mut valid = invite.is_open(token.counter, self.ports.clock.now());
        if valid {
            let inviter = repositories.memberships().find(invite.org_id, invite.invited_by).await?;
            valid = inviter.is_some_and(|inviter| inviter.role.may_invite_as(invite.role));
        }
        Ok(InviteInfo { email: Some(invite.email), valid })
    }

    /// Returns what the page of an invite shows to the holder of its token, who may be signed in.
    ///
    /// # Errors
    /// See [`InviteInfoError`].
    #[instrument(level = "debug", name = "invite info invitation", skip_all)]
    pub async fn invitation(
        &self,
        token: &str,
        caller: Option<&Caller>,
    ) -> Result<InvitationState, InviteInfoError> {
        let Some(token) = self.ports.opaque_tokens.open(TokenPurpose::Invite, token) else {
            return Ok(InvitationState::Closed);
        };
        let mut repositories = self.ports.storage.connect().await?;
        let repositories = repositories.as_mut();
        let invite = repositories.invites().find(InviteId::from_uuid(token.row)).await?;
        let Some(invite) = invite else { return Ok(InvitationState::Closed) };
        let invited = caller.filter(|caller| caller.user.email.key() == invite.email.key());
        if let Some(caller) = invited {
            let workspace = repositories.orgs().find_for(invite.org_id, caller.user.id).await?;
            if let Some(Workspace { org, .. }) = workspace {
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

/// An open invite as its holder sees it; `None` if the inviter may not invite any more.
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
