//! A typed id for each entity, so that a session's id can't be taken for a user's.
//!
//! All are UUIDs of version 7 (RFC 9562, section 5.7): they sort by the time they were made, which
//! keeps index inserts at the right edge. Ids name rows and grant nothing.

use std::{fmt, str::FromStr};

use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes the UUID of a stored row, or of the id port.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// An id that no row has.
            pub const NONE: Self = Self(Uuid::nil());

            /// An id that sorts after all that rows have.
            pub const LAST: Self = Self(Uuid::max());

            /// The UUID itself.
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
    /// Names a person's account.
    UserId;
    /// Names an organisation, the tenant of all that belongs to it.
    OrgId;
    /// Names a signed-in session: the `sid` claim of its access tokens.
    SessionId;
    /// Names an invite into an organisation.
    InviteId;
    /// Names a row of single-use tokens (e-mail verification, password reset).
    OneTimeTokenId;
    /// Names a mail in the outbox; also its `Message-ID`, so that a retry is recognisable.
    MailId;
    /// Names an entry of the audit trail.
    AuditEventId;
}
