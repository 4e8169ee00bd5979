use async_trait::async_trait;

use super::StorageError;
use crate::{
    OrgId, UserId,
    org::{Org, OrgName, Workspace},
    page::{Page, PageRequest},
};

/// Organisations.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OrgRepository: Send {
    /// Adds an organisation.
    async fn insert(&mut self, org: &Org) -> Result<(), StorageError>;

    /// The organisation with this id.
    async fn find(&mut self, id: OrgId) -> Result<Option<Org>, StorageError>;

    /// The organisation with this id, if this person belongs to it, and their role there.
    async fn find_for(
        &mut self,
        id: OrgId,
        user_id: UserId,
    ) -> Result<Option<Workspace>, StorageError>;

    /// The organisations that a person belongs to, newest first. Each page MUST begin after the item
    /// that the request names.
    async fn list_for(
        &mut self,
        user_id: UserId,
        page: PageRequest<OrgId>,
    ) -> Result<Page<Workspace, OrgId>, StorageError>;

    /// All organisations, newest first, by pages as above.
    async fn list(&mut self, page: PageRequest<OrgId>) -> Result<Page<Org, OrgId>, StorageError>;

    /// Takes the organisation for this unit of work until its end, and says whether there is one. Of two
    /// units of work that take the same one, the second MUST wait for the end of the first, and then see
    /// what it did. Whoever changes roles or memberships, or deletes the organisation, takes it first.
    async fn lock(&mut self, id: OrgId) -> Result<bool, StorageError>;

    /// Changes an organisation's name, and says whether there is such an organisation.
    async fn rename(&mut self, id: OrgId, name: &OrgName) -> Result<bool, StorageError>;

    /// Deletes an organisation, and says whether there was one. Its memberships and invites MUST go
    /// with it; sessions and accounts that it was the workspace of MUST stay, without it.
    async fn delete(&mut self, id: OrgId) -> Result<bool, StorageError>;
}
