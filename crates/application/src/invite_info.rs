//! Looking at an invite before using it.

use doorward_domain::{InviteId, email::EmailAddress, ports::StorageError, token::TokenPurpose};

use crate::{Failure, Ports, failure::fails_with};

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
}
