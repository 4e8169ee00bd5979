//! Who belongs to which organisation.

use time::OffsetDateTime;

use crate::{
    OrgId, UserId,
    email::EmailAddress,
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
