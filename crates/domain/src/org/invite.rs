//! Invites, which let the owner of an email address join an organization.

use time::{Duration, OffsetDateTime};

use crate::{
    InviteId, OrgId, UserId,
    account::email::{DomainPattern, EmailAddress},
    org::{OrgName, role::Role},
    token::TokenRef,
};

/// An invite to an organization. There is at most one pending invite per email address and organization.
/// Inviting the address again renews the invite: its counter is incremented, which invalidates the earlier
/// link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// The ID in its token.
    pub id: InviteId,
    /// The organization.
    pub org_id: OrgId,
    /// The invited email address.
    pub email: EmailAddress,
    /// The role that it grants.
    pub role: Role,
    /// The user who invited.
    pub invited_by: UserId,
    /// The counter of the valid token. Each renewal increments it.
    pub counter: u32,
    /// When it was created or last renewed.
    pub created_at: OffsetDateTime,
    /// When it expires.
    pub expires_at: OffsetDateTime,
    /// Whether it was accepted or revoked.
    pub state: InviteState,
}

/// An invite with the name of its organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteWithOrg {
    /// The invite.
    pub invite: Invite,
    /// The name of the organization.
    pub org_name: OrgName,
}

/// Whether an invite was accepted or revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteState {
    /// It was neither accepted nor revoked. It may have expired: see [`Invite::is_open`].
    Pending,
    /// It was accepted.
    Accepted {
        /// When it was accepted.
        at: OffsetDateTime,
    },
    /// It was revoked.
    Revoked {
        /// When it was revoked.
        at: OffsetDateTime,
    },
}

/// How many invites may be sent, and to which domains. A number of 0 means no limit.
///
/// By default, an account may send 250 a day, and an address may receive 5 a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitePolicy {
    /// The number that an account may send on one day.
    pub per_account: u32,
    /// The number that an email address may receive on one day, from all senders together.
    pub per_recipient: u32,
    /// The domains that may be invited. An empty list allows all.
    pub domains: Vec<DomainPattern>,
}

impl Default for InvitePolicy {
    fn default() -> Self {
        Self { per_account: 250, per_recipient: 5, domains: Vec::new() }
    }
}

impl InvitePolicy {
    /// Returns `true` if the email address may be invited.
    ///
    /// ```
    /// use doorward_domain::{
    ///     account::email::{DomainPattern, EmailAddress},
    ///     org::invite::InvitePolicy,
    /// };
    ///
    /// let domains = vec!["example.com".parse::<DomainPattern>()?];
    /// let policy = InvitePolicy { domains, ..InvitePolicy::default() };
    /// assert!(policy.allows(&EmailAddress::parse("ann@example.com")?));
    /// assert!(!policy.allows(&EmailAddress::parse("ann@example.org")?));
    /// # Ok::<(), doorward_domain::account::email::EmailError>(())
    /// ```
    pub fn allows(&self, email: &EmailAddress) -> bool {
        self.domains.is_empty() || self.domains.iter().any(|domain| domain.matches(email))
    }
}

/// The values that a renewal changes in an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InviteRenewal {
    /// The user who is the inviter from now on.
    pub invited_by: UserId,
    /// When it is renewed.
    pub now: OffsetDateTime,
    /// When it expires.
    pub expires_at: OffsetDateTime,
}

impl InviteRenewal {
    /// Creates a renewal for [`Invite::LIFETIME`].
    pub fn new(invited_by: UserId, now: OffsetDateTime) -> Self {
        Self { invited_by, now, expires_at: now + Invite::LIFETIME }
    }
}

impl Invite {
    /// The counter of an invite that was never renewed.
    pub const FIRST_COUNTER: u32 = 1;

    /// How long an invite is open.
    pub const LIFETIME: Duration = Duration::days(7);

    /// Returns its valid token.
    pub fn token(&self) -> TokenRef {
        TokenRef { id: self.id.as_uuid(), counter: self.counter }
    }

    /// Returns `true` if the token with this counter can be used at `now`.
    pub fn is_open(&self, counter: u32, now: OffsetDateTime) -> bool {
        self.state == InviteState::Pending && self.counter == counter && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    fn invite() -> Invite {
        let now = datetime!(2026-01-01 12:00 UTC);
        Invite {
            id: InviteId::from_uuid(Uuid::nil()),
            org_id: OrgId::from_uuid(Uuid::nil()),
            email: EmailAddress::parse("ann@example.com").unwrap(),
            role: Role::Member,
            invited_by: UserId::from_uuid(Uuid::nil()),
            counter: 1,
            created_at: now,
            expires_at: now + Invite::LIFETIME,
            state: InviteState::Pending,
        }
    }

    #[test]
    fn invite_is_open_until_it_expires() {
        let invite = invite();
        assert!(invite.is_open(1, invite.expires_at - Duration::MICROSECOND));
        assert!(!invite.is_open(1, invite.expires_at));
    }

    #[test]
    fn renewal_invalidates_the_earlier_token() {
        let invite = invite();
        assert!(!invite.is_open(0, invite.created_at));
    }

    #[test]
    fn accepted_or_revoked_invite_is_not_open() {
        let mut invite = invite();
        invite.state = InviteState::Accepted { at: invite.created_at };
        assert!(!invite.is_open(1, invite.created_at));
        invite.state = InviteState::Revoked { at: invite.created_at };
        assert!(!invite.is_open(1, invite.created_at));
    }
}
