use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    OrgId, UserId,
    account::email::EmailAddress,
    org::{
        membership::{Member, Membership, UserMembership},
        role::Role,
    },
    pagination::{Page, PageQuery},
};

/// Stores which users belong to which organizations.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MembershipRepository: Send {
    /// Adds a membership. Returns `true` if it is new. An existing membership MUST stay unchanged.
    async fn insert(&mut self, membership: &Membership) -> Result<bool, StorageError>;

    /// Makes a user the owner of an organization, unless the user already owns `limit` shared organizations.
    /// Returns `true` if it did. Concurrent calls for one user MUST NOT succeed more often than the limit
    /// allows.
    async fn insert_owner(
        &mut self,
        user_id: UserId,
        org_id: OrgId,
        limit: u32,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Returns the membership of a user in an organization.
    async fn find(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
    ) -> Result<Option<Membership>, StorageError>;

    /// Returns the members of an organization with their email addresses, the newest account first. Each page
    /// MUST begin after the item that the request names.
    async fn list(
        &mut self,
        org_id: OrgId,
        page: PageQuery<UserId>,
    ) -> Result<Page<Member, UserId>, StorageError>;

    /// Returns `true` if the account with this email address, compared without regard to case, belongs to the
    /// organization.
    async fn has_email(
        &mut self,
        org_id: OrgId,
        email: &EmailAddress,
    ) -> Result<bool, StorageError>;

    /// Returns `true` if the organization has an owner other than this user whose account is active.
    async fn has_other_owner(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
    ) -> Result<bool, StorageError>;

    /// Changes the role of a member. Returns `true` if there is such a member.
    async fn set_role(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
        role: Role,
    ) -> Result<bool, StorageError>;

    /// Returns the memberships of a user in the order of joining, each with the number of other members.
    async fn list_for_user(&mut self, user_id: UserId)
    -> Result<Vec<UserMembership>, StorageError>;

    /// Locks the memberships of a user until the end of the unit of work. Until then, users MUST NOT join
    /// these organizations, other callers MUST NOT lock them, and this user MUST NOT join another
    /// organization.
    async fn lock_for_user(&mut self, user_id: UserId) -> Result<(), StorageError>;

    /// Removes a member. Returns `true` if there was such a member.
    async fn remove(&mut self, org_id: OrgId, user_id: UserId) -> Result<bool, StorageError>;
}
