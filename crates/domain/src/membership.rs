//! Who belongs to which organisation.

use time::OffsetDateTime;

use crate::{
    OrgId, UserId,
    email::EmailAddress,
    org::Org,
    profile::FullName,
    role::{Permission, Role},
    username::Username,
};

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

/// A member as the others of the organisation see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user_id: UserId,
    /// The name that they sign in with.
    pub username: Username,
    /// Their name.
    pub full_name: Option<FullName>,
    /// Their address; `None` where it is not for the one who asks.
    pub email: Option<EmailAddress>,
    /// What they may do in the organisation.
    pub role: Role,
    /// Since when they belong to it.
    pub joined_at: OffsetDateTime,
}

impl Member {
    /// What a member of this role sees: addresses are for those who see whom one invited by theirs.
    #[must_use]
    pub fn seen_by(self, role: Role) -> Self {
        Self { email: self.email.filter(|_| role.permits(Permission::InviteList)), ..self }
    }
}
