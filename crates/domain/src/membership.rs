//! Who belongs to which organisation.

use time::OffsetDateTime;

use crate::{OrgId, UserId, role::Role};

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
