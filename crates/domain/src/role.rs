//! Who may do what in an organisation.

use std::fmt;

/// A member's role in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// May do everything; an organisation always has one.
    Owner,
    /// May do everything but delete the organisation and touch its owners.
    Admin,
    /// May look, and work.
    Member,
}

impl Role {
    /// The role's name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }

    /// All roles, from the one that may do everything to the one that may do least.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Admin, Self::Member];

    /// Reads a role's name; `None` if there is no such role.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "owner" => Some(Self::Owner),
            "admin" => Some(Self::Admin),
            "member" => Some(Self::Member),
            _ => None,
        }
    }

    /// Whether a member of this role may invite others into that one.
    pub const fn may_invite_as(self, role: Self) -> bool {
        self.permits(Permission::InviteCreate) && self.reaches(role)
    }

    /// Whether a member of this role may give another one, who has the first role, the second one. Owners
    /// are made and unmade by owners alone.
    pub const fn may_change(self, from: Role, to: Role) -> bool {
        self.permits(Permission::MemberUpdate) && self.reaches(from) && self.reaches(to)
    }

    /// Whether a member of this role may take another one out, who has that role.
    pub const fn may_remove(self, role: Role) -> bool {
        self.permits(Permission::MemberRemove) && self.reaches(role)
    }

    const fn reaches(self, role: Role) -> bool {
        matches!(self, Self::Owner) || !matches!(role, Self::Owner)
    }

    /// Whether a member of this role may do that in the organisation.
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
        /// Something one may do within an organisation, named `resource:action`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission {
            $($(#[$doc])* $name,)+
        }

        impl Permission {
            /// Every permission there is.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The permission's name, as in `required_permission`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

permissions! {
    /// Work in the organisation at all.
    OrgAccess = "org:access";
    /// See its name and settings.
    OrgRead = "org:read";
    /// Change its name and settings.
    OrgUpdate = "org:update";
    /// Delete it with all that is in it.
    OrgDelete = "org:delete";
    /// See who is in it.
    MemberList = "member:list";
    /// Change a member's role.
    MemberUpdate = "member:update";
    /// Take a member out.
    MemberRemove = "member:remove";
    /// Ask somebody in.
    InviteCreate = "invite:create";
    /// See who has been asked in.
    InviteList = "invite:list";
    /// Take an invite back.
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
    fn admins_may_not_delete_the_organisation() {
        assert_eq!(granted(Role::Admin).len(), Permission::ALL.len() - 1);
        assert!(!Role::Admin.permits(Permission::OrgDelete));
    }

    #[test]
    fn members_may_look_and_work() {
        assert_eq!(granted(Role::Member), ["org:access", "org:read", "member:list"]);
    }

    #[test]
    fn owners_are_invited_by_owners_only() {
        let by = |role: Role| {
            [Role::Owner, Role::Admin, Role::Member].map(|as_| role.may_invite_as(as_))
        };
        assert_eq!(by(Role::Owner), [true; 3]);
        assert_eq!(by(Role::Admin), [false, true, true]);
        assert_eq!(by(Role::Member), [false; 3]);
    }

    #[test]
    fn owners_are_made_and_unmade_by_owners_only() {
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
    fn names_are_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
