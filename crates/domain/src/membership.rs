//! Who belongs to which organisation.

use time::OffsetDateTime;

use crate::{OrgId, UserId, org::Org, role::Role};

/// A person's place in an organisation; at most one for each pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The person.
    pub user_id: UserId,
    /// The organisation.
    pub org_id: OrgId,
    /// What the person may do there.
    pub role: Role,
    /// Since when.
    pub joined_at: OffsetDateTime,
}

/// An organisation as one of its members is bound to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    /// The organisation.
    pub org: Org,
    /// What the person may do there.
    pub role: Role,
    /// How many others belong to it.
    pub others: u64,
    /// How many of those own it.
    pub other_owners: u64,
}

impl Belonging {
    /// Whether nobody would be left if the person went.
    pub fn is_alone(&self) -> bool {
        self.others == 0
    }

    /// Whether others would be left without an owner if the person went.
    pub fn is_needed(&self) -> bool {
        !self.is_alone() && self.role == Role::Owner && self.other_owners == 0
    }
}
