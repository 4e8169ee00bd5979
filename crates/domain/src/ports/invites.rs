use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    InviteId, OrgId,
    invite::{Invite, InviteRenewal, InviteWithOrg},
    page::{Page, PageRequest},
};

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

    /// The pending invites of an organisation, newest first, those past their time among them: they can be
    /// renewed. Each page MUST begin after the item that the request names.
    async fn list_pending(
        &mut self,
        org_id: OrgId,
        page: PageRequest<InviteId>,
    ) -> Result<Page<Invite, InviteId>, StorageError>;

    /// Returns the pending invites of all organizations, newest first, as [`list_pending`] does those of one. Each
    /// MUST come with the name of its organization.
    ///
    /// [`list_pending`]: InviteRepository::list_pending
    async fn list_all_pending(
        &mut self,
        page: PageRequest<InviteId>,
    ) -> Result<Page<InviteWithOrg, InviteId>, StorageError>;

    /// Renews a pending invite of an organisation, and answers what is stored; `None` if there is none
    /// with this id. The counter MUST move on by one, and address and role stay.
    async fn renew(
        &mut self,
        org_id: OrgId,
        id: InviteId,
        renewal: &InviteRenewal,
    ) -> Result<Option<Invite>, StorageError>;

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

    /// Revokes the pending invites of all organizations. It MUST NOT change those that were accepted or revoked
    /// before. Returns how many were revoked.
    async fn revoke_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError>;
}
