use async_trait::async_trait;

use super::StorageError;
use crate::{
    OrgId, UserId,
    org::{Org, OrgName, OrgWithRole},
    pagination::{Page, PageQuery},
};

/// Stores organizations.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OrgRepository: Send {
    /// Adds an organization.
    async fn insert(&mut self, org: &Org) -> Result<(), StorageError>;

    /// Returns the organization with this ID.
    async fn find(&mut self, id: OrgId) -> Result<Option<Org>, StorageError>;

    /// Returns the organization with this ID and the user's role in it, if the user is a member.
    async fn find_for(
        &mut self,
        id: OrgId,
        user_id: UserId,
    ) -> Result<Option<OrgWithRole>, StorageError>;

    /// Returns the organizations that a user belongs to, newest first. Each page MUST begin after the item
    /// that the request names.
    async fn list_for(
        &mut self,
        user_id: UserId,
        page: PageQuery<OrgId>,
    ) -> Result<Page<OrgWithRole, OrgId>, StorageError>;

    /// Returns all organizations, newest first, paginated as in [`OrgRepository::list_for`].
    async fn list(&mut self, page: PageQuery<OrgId>) -> Result<Page<Org, OrgId>, StorageError>;

    /// Locks the organization until the end of this unit of work. Returns `true` if the organization exists.
    /// If two units of work lock the same organization, the second MUST wait until the first ends, and then
    /// see its changes. A caller that changes roles or memberships, or deletes the organization, locks it
    /// first.
    async fn lock(&mut self, id: OrgId) -> Result<bool, StorageError>;

    /// Renames an organization. Returns `true` if the organization exists.
    async fn rename(&mut self, id: OrgId, name: &OrgName) -> Result<bool, StorageError>;

    /// Deletes an organization. Returns `true` if it existed. Its memberships and invites MUST be deleted
    /// with it. Sessions that act in it and accounts that have it as their default MUST stay, without an
    /// organization.
    async fn delete(&mut self, id: OrgId) -> Result<bool, StorageError>;
}
