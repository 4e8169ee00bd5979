//! A typed ID for each entity, so that the ID of a session can't be confused with that of a user.
//!
//! All are UUIDs of version 7 (RFC 9562, section 5.7). They sort by creation time, so inserts go to the right
//! edge of an index. An ID refers to a row and grants no access.
//!
//! ```
//! use doorward_domain::UserId;
//!
//! let id: UserId = "01890a5d-ac96-774b-bcce-b302099a8057".parse()?;
//! assert_eq!(id.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
//! assert!(UserId::NONE < id && id < UserId::LAST);
//! # Ok::<(), uuid::Error>(())
//! ```

use std::{fmt, str::FromStr};

use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Creates an ID from the UUID of a stored row or of the [`Ids`](crate::ports::Ids) port.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The nil UUID: the ID of no row.
            pub const NONE: Self = Self(Uuid::nil());

            /// The max UUID: sorts after the IDs of all rows.
            pub const LAST: Self = Self(Uuid::max());

            /// Returns the UUID.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    )+};
}

typed_id! {
    /// The ID of a user account.
    UserId;
    /// The ID of an organization, the tenant to which its data belongs.
    OrgId;
    /// The ID of a session: the `sid` claim of its access tokens.
    SessionId;
    /// The ID of an invite to an organization.
    InviteId;
    /// The ID of a row of single-use tokens (email verification, password reset).
    OneTimeTokenId;
    /// The ID of a message in the outbox. It is also the `Message-ID`, so that mail servers recognize a
    /// retry.
    MailId;
    /// The ID of an entry in the audit trail.
    AuditEventId;
}
