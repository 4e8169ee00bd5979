//! Invites: an open door for one e-mail address into one organisation.

use time::{Duration, OffsetDateTime};

use crate::{
    InviteId, OrgId, UserId,
    email::{DomainPattern, EmailAddress},
    org::OrgName,
    role::Role,
    token::TokenRef,
};

/// An invite. There is at most one open invite for an address in an organisation; inviting again
/// renews it, which moves its counter on and so voids the earlier link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// The id that its token names.
    pub id: InviteId,
    /// The organisation it leads into.
    pub org_id: OrgId,
    /// The address it is for.
    pub email: EmailAddress,
    /// The role that it grants.
    pub role: Role,
    /// Who invited.
    pub invited_by: UserId,
    /// Which of its tokens is good: it moves on with each renewal.
    pub counter: u32,
    /// When it was made or last renewed.
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    pub expires_at: OffsetDateTime,
    /// What has become of it.
    pub state: InviteState,
}

/// An invite with the name of its organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteWithOrg {
    /// The invite.
    pub invite: Invite,
    /// The name of the organization that it leads into.
    pub org_name: OrgName,
}

/// What has become of an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteState {
    /// Nobody has used it yet.
    Pending,
    /// It was used.
    Accepted {
        /// When.
        at: OffsetDateTime,
    },
    /// It was taken back.
    Revoked {
        /// When.
        at: OffsetDateTime,
    },
}

/// How many invitations may be sent, and where to. 0 is no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitePolicy {
    /// How many an account may send on one day.
    pub per_account: u32,
    /// How many an address may be sent on one day, by all senders together.
    pub per_recipient: u32,
    /// The domains that may be invited; all, if there is none.
    pub domains: Vec<DomainPattern>,
}

impl Default for InvitePolicy {
    fn default() -> Self {
        Self { per_account: 250, per_recipient: 5, domains: Vec::new() }
    }
}

impl InvitePolicy {
    /// Returns `true` if the address may be invited.
    pub fn allows(&self, email: &EmailAddress) -> bool {
        self.domains.is_empty() || self.domains.iter().any(|domain| domain.matches(email))
    }
}

/// What a renewal changes about an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InviteRenewal {
    /// Who stands for it from now on.
    pub invited_by: UserId,
    /// When it is renewed.
    pub now: OffsetDateTime,
    /// When it ends by itself.
    pub expires_at: OffsetDateTime,
}

impl InviteRenewal {
    /// A renewal for an invite's whole lifetime.
    pub fn new(invited_by: UserId, now: OffsetDateTime) -> Self {
        Self { invited_by, now, expires_at: now + Invite::LIFETIME }
    }
}

impl Invite {
    /// The counter of an invite that has not been renewed.
    pub const FIRST_COUNTER: u32 = 1;

    /// How long an invite is open.
    pub const LIFETIME: Duration = Duration::days(7);

    /// The token for it that is good.
    pub fn token(&self) -> TokenRef {
        TokenRef { row: self.id.as_uuid(), counter: self.counter }
    }

    /// Whether the token with this counter may still be used.
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
    fn is_open_until_it_expires() {
        let invite = invite();
        assert!(invite.is_open(1, invite.expires_at - Duration::MICROSECOND));
        assert!(!invite.is_open(1, invite.expires_at));
    }

    #[test]
    fn renewing_voids_the_earlier_token() {
        let invite = invite();
        assert!(!invite.is_open(0, invite.created_at));
    }

    #[test]
    fn is_used_once() {
        let mut invite = invite();
        invite.state = InviteState::Accepted { at: invite.created_at };
        assert!(!invite.is_open(1, invite.created_at));
        invite.state = InviteState::Revoked { at: invite.created_at };
        assert!(!invite.is_open(1, invite.created_at));
    }
}
