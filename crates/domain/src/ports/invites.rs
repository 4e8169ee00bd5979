use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    InviteId, OrgId,
    org::invite::{Invite, InviteRenewal, InviteWithOrg},
    pagination::{Page, PageQuery},
};

/// Stores invites to organizations.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait InviteRepository: Send {
    /// Adds an invite, or renews the pending invite for the same email address in the same organization.
    /// Returns the stored invite. A renewal MUST keep the ID of the row, take every other value from
    /// `invite`, and increment the counter by one. There MUST never be two pending invites for an address in
    /// an organization.
    async fn upsert(&mut self, invite: &Invite) -> Result<Invite, StorageError>;

    /// Returns the invite with this ID. The lookup isn't limited to an organization, because the caller holds
    /// a token for the invite.
    async fn find(&mut self, id: InviteId) -> Result<Option<Invite>, StorageError>;

    /// Returns the pending invites of an organization, newest first. Expired invites are included, since they
    /// can be renewed. Each page MUST begin after the item that the request names.
    async fn list_pending(
        &mut self,
        org_id: OrgId,
        page: PageQuery<InviteId>,
    ) -> Result<Page<Invite, InviteId>, StorageError>;

    /// Returns the pending invites of all organizations, newest first, paginated as in [`list_pending`]. Each
    /// MUST come with the name of its organization.
    ///
    /// [`list_pending`]: InviteRepository::list_pending
    async fn list_all_pending(
        &mut self,
        page: PageQuery<InviteId>,
    ) -> Result<Page<InviteWithOrg, InviteId>, StorageError>;

    /// Renews a pending invite of an organization. Returns the stored invite, or `None` if the organization
    /// has no pending invite with this ID. The counter MUST be incremented by one; the email address and the
    /// role stay.
    async fn renew(
        &mut self,
        org_id: OrgId,
        id: InviteId,
        renewal: &InviteRenewal,
    ) -> Result<Option<Invite>, StorageError>;

    /// Accepts an invite if it is open and `counter` is its current counter. Returns `true` if this call
    /// accepted it. Of many concurrent callers, exactly one MUST get `true`. The invite MUST NOT be accepted
    /// if the inviter is disabled or may no longer invite with its role (see [`Role::may_invite_as`]).
    ///
    /// [`Role::may_invite_as`]: crate::org::role::Role::may_invite_as
    async fn accept(
        &mut self,
        id: InviteId,
        counter: u32,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Revokes a pending invite of an organization. Returns `true` if this call revoked it.
    async fn revoke(
        &mut self,
        org_id: OrgId,
        id: InviteId,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Revokes the pending invites of all organizations. It MUST NOT change invites that were already
    /// accepted or revoked. Returns the number of invites revoked.
    async fn revoke_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError>;
}
