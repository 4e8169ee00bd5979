//! Roles and permissions in an organization.

use std::fmt;

/// The role of a member in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Has every permission. An organization always has at least one owner.
    Owner,
    /// Has every permission except to delete the organization, and can't change or remove its owners.
    Admin,
    /// Can see the organization and its members, and act in it.
    Member,
}

impl Role {
    /// Returns the name of the role in the API and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }

    /// All roles, from the most to the least powerful.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Admin, Self::Member];

    /// Parses the name of a role. Returns `None` if there is no such role.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "owner" => Some(Self::Owner),
            "admin" => Some(Self::Admin),
            "member" => Some(Self::Member),
            _ => None,
        }
    }

    /// Returns `true` if a member with this role may invite others with the role `role`.
    ///
    /// ```
    /// use doorward_domain::org::role::Role;
    ///
    /// assert!(Role::Owner.may_invite_as(Role::Owner));
    /// assert!(Role::Admin.may_invite_as(Role::Admin));
    /// assert!(!Role::Admin.may_invite_as(Role::Owner));
    /// ```
    pub const fn may_invite_as(self, role: Self) -> bool {
        self.permits(Permission::InviteCreate) && self.reaches(role)
    }

    /// Returns `true` if a member with this role may change another member's role from `from` to `to`. Only
    /// owners may grant or remove the owner role.
    ///
    /// ```
    /// use doorward_domain::org::role::Role;
    ///
    /// assert!(Role::Admin.may_change(Role::Member, Role::Admin));
    /// assert!(!Role::Admin.may_change(Role::Member, Role::Owner));
    /// assert!(!Role::Admin.may_change(Role::Owner, Role::Member));
    /// ```
    pub const fn may_change(self, from: Role, to: Role) -> bool {
        self.permits(Permission::MemberUpdate) && self.reaches(from) && self.reaches(to)
    }

    /// Returns `true` if a member with this role may remove another member with the role `role`.
    pub const fn may_remove(self, role: Role) -> bool {
        self.permits(Permission::MemberRemove) && self.reaches(role)
    }

    const fn reaches(self, role: Role) -> bool {
        matches!(self, Self::Owner) || !matches!(role, Self::Owner)
    }

    /// Returns `true` if a member with this role has the permission.
    ///
    /// ```
    /// use doorward_domain::org::role::{Permission, Role};
    ///
    /// assert!(Role::Owner.permits(Permission::OrgDelete));
    /// assert!(!Role::Admin.permits(Permission::OrgDelete));
    /// ```
    pub const fn permits(self, permission: Permission) -> bool {
        match self {
            Self::Owner => true,
            Self::Admin => !matches!(permission, Permission::OrgDelete),
            Self::Member => matches!(
                permission,
                Permission::OrgAccess | Permission::OrgRead | Permission::MemberList
            ),
        }
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// A permission in an organization, named `resource:action`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission {
            $($(#[$doc])* $name,)+
        }

        impl Permission {
            /// All permissions.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Returns the name of the permission, as in the `required_permission` of an error.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

permissions! {
    /// Act in the organization.
    OrgAccess = "org:access";
    /// See its name and settings.
    OrgRead = "org:read";
    /// Change its name and settings.
    OrgUpdate = "org:update";
    /// Delete it with everything in it.
    OrgDelete = "org:delete";
    /// List its members.
    MemberList = "member:list";
    /// Change a member's role.
    MemberUpdate = "member:update";
    /// Remove a member.
    MemberRemove = "member:remove";
    /// Invite a user.
    InviteCreate = "invite:create";
    /// List the pending invites.
    InviteList = "invite:list";
    /// Revoke an invite.
    InviteRevoke = "invite:revoke";
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(role: Role) -> Vec<&'static str> {
        Permission::ALL.iter().filter(|p| role.permits(**p)).map(|p| p.as_str()).collect()
    }

    #[test]
    fn owners_may_do_everything() {
        assert_eq!(granted(Role::Owner).len(), Permission::ALL.len());
    }

    #[test]
    fn admins_may_not_delete_the_organization() {
        assert_eq!(granted(Role::Admin).len(), Permission::ALL.len() - 1);
        assert!(!Role::Admin.permits(Permission::OrgDelete));
    }

    #[test]
    fn members_may_access_read_and_list_members() {
        assert_eq!(granted(Role::Member), ["org:access", "org:read", "member:list"]);
    }

    #[test]
    fn only_owners_may_invite_owners() {
        let by = |role: Role| {
            [Role::Owner, Role::Admin, Role::Member].map(|as_| role.may_invite_as(as_))
        };
        assert_eq!(by(Role::Owner), [true; 3]);
        assert_eq!(by(Role::Admin), [false, true, true]);
        assert_eq!(by(Role::Member), [false; 3]);
    }

    #[test]
    fn only_owners_may_change_or_remove_owners() {
        for by in Role::ALL {
            for role in Role::ALL {
                let touches_owner = role == Role::Owner;
                let may = by == Role::Owner || by == Role::Admin && !touches_owner;
                assert_eq!(by.may_remove(role), may, "{by:?} removes {role:?}");
                assert_eq!(by.may_change(role, Role::Member), may, "{by:?} demotes {role:?}");
                assert_eq!(by.may_change(Role::Member, role), may, "{by:?} makes {role:?}");
            }
        }
    }

    #[test]
    fn role_names_parse_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
