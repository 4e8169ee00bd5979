//! Organizations, which are the tenants.

pub mod invite;
pub mod membership;
pub mod role;

use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization;

use crate::{
    OrgId,
    account::{user::User, username::Username},
    field::{FieldError, check_length, storable},
    org::role::{Permission, Role},
};

/// The display name of an organization: 1–100 code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgName(String);

impl OrgName {
    /// The maximum length in code points.
    pub const MAX: usize = 100;

    /// Parses a name.
    ///
    /// # Errors
    /// Returns [`FieldError::TooShort`] or [`FieldError::TooLong`] if the length is out of range.
    ///
    /// ```
    /// use doorward_domain::org::OrgName;
    ///
    /// assert_eq!(OrgName::parse("Acme")?.as_str(), "Acme");
    /// assert!(OrgName::parse("").is_err());
    /// # Ok::<(), doorward_domain::field::FieldError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_length(text, 1, Self::MAX)?;
        Ok(Self(storable(text)))
    }

    /// Returns the name of a user's personal organization.
    pub fn personal(username: &Username) -> Self {
        Self(format!("{}'s workspace", username.as_str()))
    }

    /// Returns `true` if `typed`, which a user entered to confirm an action, names this organization. Case,
    /// Unicode form (NFKC), and the amount of whitespace are ignored.
    ///
    /// ```
    /// use doorward_domain::org::OrgName;
    ///
    /// let name = OrgName::parse("Acme  Inc")?;
    /// assert!(name.is_meant_by("acme inc"));
    /// assert!(!name.is_meant_by("acme"));
    /// # Ok::<(), doorward_domain::field::FieldError>(())
    /// ```
    pub fn is_meant_by(&self, typed: &str) -> bool {
        let plain = |text: &str| {
            let words = text.nfkc().collect::<String>().to_lowercase();
            words.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let typed = plain(typed);
        typed == plain(&self.0) && (!typed.is_empty() || self.0.trim().is_empty())
    }

    /// Returns the name as it was entered, except that U+FFFD replaces NUL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The kind of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgKind {
    /// The personal organization of one user, created at registration.
    Personal,
    /// An organization created by a user to share with others.
    Shared,
}

impl OrgKind {
    /// Returns `true` if users can be invited and the organization can be deleted. A personal organization
    /// stays and has one member, so that its user always has an organization to act in.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Shared)
    }

    /// Returns the name of the kind in the API and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Shared => "shared",
        }
    }

    /// Parses the name of a kind. Returns `None` if there is no such kind.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "personal" => Some(Self::Personal),
            "shared" => Some(Self::Shared),
            _ => None,
        }
    }
}

/// Which users may create organizations. The server creates the personal organization for every account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgCreation {
    /// All users.
    AllUsers,
    /// Users whose email address is verified.
    Verified,
    /// Platform administrators.
    Admins,
}

impl OrgCreation {
    /// Returns `true` if the user may create an organization.
    pub fn permits(self, user: &User) -> bool {
        match self {
            Self::AllUsers => true,
            Self::Verified => user.is_verified(),
            Self::Admins => user.is_platform_admin,
        }
    }
}

/// Which users may create organizations, and how many.
///
/// By default, every user may own 50.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrgPolicy {
    /// Which users.
    pub creation: OrgCreation,
    /// The number of organizations that a user may own, besides the personal one. 0 means no limit. Platform
    /// administrators have no limit.
    pub max_owned: u32,
}

impl Default for OrgPolicy {
    fn default() -> Self {
        Self { creation: OrgCreation::AllUsers, max_owned: 50 }
    }
}

impl OrgPolicy {
    /// Returns the number of shared organizations that a user may own; [`u32::MAX`] if there is no limit.
    pub fn max_owned_by(&self, user: &User) -> u32 {
        if self.max_owned == 0 || user.is_platform_admin { u32::MAX } else { self.max_owned }
    }
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// The ID in `org_id` claims.
    pub id: OrgId,
    /// The display name.
    pub name: OrgName,
    /// The kind.
    pub kind: OrgKind,
    /// When it was created.
    pub created_at: OffsetDateTime,
}

impl Org {
    /// Creates the personal organization of a user.
    pub fn personal(id: OrgId, username: &Username, now: OffsetDateTime) -> Self {
        Self { id, name: OrgName::personal(username), kind: OrgKind::Personal, created_at: now }
    }

    /// Creates a shared organization.
    pub fn shared(id: OrgId, name: OrgName, now: OffsetDateTime) -> Self {
        Self { id, name, kind: OrgKind::Shared, created_at: now }
    }
}

/// An organization and the role of one of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgWithRole {
    /// The organization.
    pub org: Org,
    /// The member's role.
    pub role: Role,
}

impl OrgWithRole {
    /// Returns `true` if the member has the permission.
    pub const fn permits(&self, permission: Permission) -> bool {
        self.role.permits(permission)
    }
}
