//! Organisations: the tenants.

use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization;

use crate::{
    OrgId,
    field::{FieldError, check_length, storable},
    role::{Permission, Role},
    user::User,
    username::Username,
};

/// An organisation's display name, of 1–100 code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgName(String);

impl OrgName {
    /// The greatest number of code points.
    pub const MAX: usize = 100;

    /// Judges a text by the rules for names.
    ///
    /// # Errors
    /// The first rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_length(text, 1, Self::MAX)?;
        Ok(Self(storable(text)))
    }

    /// The name of the organisation that a person gets for themselves.
    pub fn personal(username: &Username) -> Self {
        Self(format!("{}'s workspace", username.as_str()))
    }

    /// Returns `true` if this name is meant by a text that a user typed to confirm something: case, the form of
    /// Unicode, and how many blanks there are do not count.
    pub fn is_meant_by(&self, typed: &str) -> bool {
        let plain = |text: &str| {
            let words = text.nfkc().collect::<String>().to_lowercase();
            words.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let typed = plain(typed);
        typed == plain(&self.0) && (!typed.is_empty() || self.0.trim().is_empty())
    }

    /// The name as it was given, but with U+FFFD for a NUL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an organisation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgKind {
    /// One person's own, made when they register.
    Personal,
    /// Made by somebody to work in together.
    Shared,
}

impl OrgKind {
    /// Whether others may be invited, and it may be deleted. A personal organisation stays, alone with
    /// its person: it is where they work when every other is gone.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Shared)
    }

    /// The kind's name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Shared => "shared",
        }
    }

    /// Reads a kind's name; `None` if there is no such kind.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "personal" => Some(Self::Personal),
            "shared" => Some(Self::Shared),
            _ => None,
        }
    }
}

/// Which users may create organizations. The personal one of each account is created for them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgCreation {
    /// All users.
    Everybody,
    /// Users whose email address is verified.
    Verified,
    /// Platform administrators.
    Admins,
}

impl OrgCreation {
    /// Returns `true` if the user may create one.
    pub fn permits(self, user: &User) -> bool {
        match self {
            Self::Everybody => true,
            Self::Verified => user.is_verified(),
            Self::Admins => user.is_platform_admin,
        }
    }
}

/// Who may create organizations, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrgPolicy {
    /// Who.
    pub creation: OrgCreation,
    /// How many a user may own, besides the personal one; 0 is no limit. Platform administrators have none.
    pub max_owned: u32,
}

impl Default for OrgPolicy {
    fn default() -> Self {
        Self { creation: OrgCreation::Everybody, max_owned: 50 }
    }
}

impl OrgPolicy {
    /// The number of organizations that a user may own.
    pub fn max_owned_by(&self, user: &User) -> u32 {
        if self.max_owned == 0 || user.is_platform_admin { u32::MAX } else { self.max_owned }
    }
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// The id that `org_id` claims name.
    pub id: OrgId,
    /// What people call it.
    pub name: OrgName,
    /// What it is for.
    pub kind: OrgKind,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Org {
    /// The organisation that a person gets for themselves.
    pub fn personal(id: OrgId, username: &Username, now: OffsetDateTime) -> Self {
        Self { id, name: OrgName::personal(username), kind: OrgKind::Personal, created_at: now }
    }

    /// An organisation to work in together.
    pub fn shared(id: OrgId, name: OrgName, now: OffsetDateTime) -> Self {
        Self { id, name, kind: OrgKind::Shared, created_at: now }
    }
}

/// An organisation as one of its members has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The organisation.
    pub org: Org,
    /// What the member may do there.
    pub role: Role,
}

impl Workspace {
    /// Whether the member may do that.
    pub const fn permits(&self, permission: Permission) -> bool {
        self.role.permits(permission)
    }
}
