use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    OrgId, UserId,
    email::EmailAddress,
    membership::{Belonging, Member, Membership},
    page::{Page, PageRequest},
    role::Role,
};

/// Who belongs to which organisation.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MembershipRepository: Send {
    /// Adds a membership, and says whether it is new. An existing one MUST stay as it is.
    async fn insert(&mut self, membership: &Membership) -> Result<bool, StorageError>;

    /// Makes a user the owner of an organization, unless they own `limit` shared ones. Returns `true` if it did. Of
    /// many callers for one user at the same moment no more MUST succeed than the limit allows.
    async fn insert_owner(
        &mut self,
        user_id: UserId,
        org_id: OrgId,
        limit: u32,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// A person's membership in an organisation.
    async fn find(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
    ) -> Result<Option<Membership>, StorageError>;

    /// The members of an organisation with their addresses, the newest account first. Each page MUST begin after the item that
    /// the request names.
    async fn list(
        &mut self,
        org_id: OrgId,
        page: PageRequest<UserId>,
    ) -> Result<Page<Member, UserId>, StorageError>;

    /// Whether the account with this address, in whatever case, belongs to the organisation.
    async fn has_email(
        &mut self,
        org_id: OrgId,
        email: &EmailAddress,
    ) -> Result<bool, StorageError>;

    /// Whether the organisation has an owner who is not this person and whose account is active.
    async fn has_other_owner(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
    ) -> Result<bool, StorageError>;

    /// Changes a member's role, and says whether there is such a member.
    async fn set_role(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
        role: Role,
    ) -> Result<bool, StorageError>;

    /// What a person belongs to, in the order of joining, and how many others do.
    async fn of(&mut self, user_id: UserId) -> Result<Vec<Belonging>, StorageError>;

    /// Holds what a person belongs to until the end of the unit of work: nobody MUST join these organisations, nor
    /// hold them, nor must the person join another.
    async fn hold(&mut self, user_id: UserId) -> Result<(), StorageError>;

    /// Takes a member out, and says whether there was one.
    async fn remove(&mut self, org_id: OrgId, user_id: UserId) -> Result<bool, StorageError>;
}
