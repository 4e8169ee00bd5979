use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{InviteId, OrgId, invite::Invite};

/// Invites into organisations.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait InviteRepository: Send {
    /// Adds an invite, or renews the pending one for the same address in the same organisation, and
    /// answers what is stored. A renewal MUST keep the row's id, take everything else from
    /// `invite`, and move the counter on by one. There MUST never be two pending ones.
    async fn upsert(&mut self, invite: &Invite) -> Result<Invite, StorageError>;

    /// The invite with this id. (Whoever asks has a token for it.)
    async fn find(&mut self, id: InviteId) -> Result<Option<Invite>, StorageError>;

    /// Uses an invite up, if it is open and this is its counter, and says whether it did. Of many
    /// callers at the same moment exactly one MUST hear yes. It MUST NOT be used when whoever invited
    /// has been disabled, or may no longer invite into its role (see [`Role::may_invite_as`]).
    ///
    /// [`Role::may_invite_as`]: crate::role::Role::may_invite_as
    async fn accept(
        &mut self,
        id: InviteId,
        counter: u32,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Takes a pending invite of an organisation back, and says whether it did.
    async fn revoke(
        &mut self,
        org_id: OrgId,
        id: InviteId,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;
}
