//! Memberships of users in organizations.

use time::OffsetDateTime;

use crate::{
    OrgId, UserId,
    account::{email::EmailAddress, profile::FullName, username::Username},
    org::{
        Org,
        role::{Permission, Role},
    },
};

/// The membership of a user in an organization. There is at most one per user and organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The user.
    pub user_id: UserId,
    /// The organization.
    pub org_id: OrgId,
    /// The user's role in the organization.
    pub role: Role,
    /// When the user joined.
    pub joined_at: OffsetDateTime,
}

/// An organization from the point of view of one of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserMembership {
    /// The organization.
    pub org: Org,
    /// The user's role in the organization.
    pub role: Role,
    /// The number of other members.
    pub other_members: u64,
    /// The number of other members who are owners.
    pub other_owners: u64,
}

impl UserMembership {
    /// Returns `true` if the user is the only member.
    pub fn is_sole_member(&self) -> bool {
        self.other_members == 0
    }

    /// Returns `true` if the other members would have no owner without the user.
    pub fn is_last_owner(&self) -> bool {
        !self.is_sole_member() && self.role == Role::Owner && self.other_owners == 0
    }
}

/// A member as the other members of the organization see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The user.
    pub user_id: UserId,
    /// The username.
    pub username: Username,
    /// The full name.
    pub full_name: Option<FullName>,
    /// The email address; `None` if the viewer may not see it.
    pub email: Option<EmailAddress>,
    /// The member's role in the organization.
    pub role: Role,
    /// When the member joined.
    pub joined_at: OffsetDateTime,
}

impl Member {
    /// Returns the member as a viewer with this role sees them. Only viewers who may list invites see email
    /// addresses, since invites show the addresses of the invited users.
    #[must_use]
    pub fn seen_by(self, role: Role) -> Self {
        Self { email: self.email.filter(|_| role.permits(Permission::InviteList)), ..self }
    }
}
