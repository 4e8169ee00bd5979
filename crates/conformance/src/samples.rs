//! Values for tests. Each call generates new IDs, so that two samples never are the same row.
//!
//! # Panics
//!
//! Functions that parse a text panic if it isn't valid.

use std::{net::Ipv4Addr, sync::LazyLock};

use doorward_domain::{
    AuditEventId, InviteId, MailId, OneTimeTokenId, OrgId, SessionId, UserId,
    account::{
        email::EmailAddress,
        profile::{AvatarUrl, Bio, FullName, Locale, Profile, Timezone},
        user::{ClientEvidence, User},
        username::Username,
    },
    audit::{AuditEvent, AuditKind},
    credential::password::{NewHash, PasswordHash},
    json_object::JsonObject,
    mail::{MailKind, MailSender, OutboxEntry},
    mock::SeededIds,
    org::{
        Org, OrgKind, OrgName,
        invite::{Invite, InviteState},
        membership::Membership,
        role::Role,
    },
    ports::Ids,
    request_context::{IpPrefix, RequestContext},
    session::{RefreshAttempt, Session, SessionLifetimes, SessionState},
    signing_key::SigningKey,
    token::{
        TokenRef,
        one_time::{IssueOneTimeToken, OneTimePurpose},
    },
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// The time at which samples are created, with the precision that storage has to keep.
pub const NOW: OffsetDateTime = datetime!(2026-01-01 12:00:00.123456 UTC);

/// Returns a time `seconds` seconds after [`NOW`].
pub fn after(seconds: i64) -> OffsetDateTime {
    NOW + Duration::seconds(seconds)
}

/// Returns a new ID.
pub fn id() -> Uuid {
    static IDS: LazyLock<SeededIds> = LazyLock::new(SeededIds::default);
    IDS.next()
}

/// Returns an email address.
pub fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// Returns a JSON object. The text has to be compact.
pub fn json(text: &str) -> JsonObject {
    JsonObject::from_stored(text.to_owned())
}

/// Returns the hash of a new password that was set from no known network.
pub fn new_hash(hash: PasswordHash, at: OffsetDateTime) -> NewHash {
    NewHash { hash, from: None, at }
}

/// Returns the evidence of a client without a device token.
pub fn evidence() -> ClientEvidence {
    ClientEvidence { network: Some(network()), device: None, now: NOW }
}

/// Returns a hash that matches no password.
pub fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(format!("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ${text}"))
}

/// Returns the network of the sample client.
pub fn network() -> IpPrefix {
    IpPrefix::of(Ipv4Addr::new(192, 0, 2, 1).into())
}

/// Returns an account that has no password and isn't verified. Its email address is derived from its name.
pub fn user(name: &str) -> User {
    User {
        id: UserId::from_uuid(id()),
        email: email(&format!("{name}@example.com")),
        username: Username::parse(name).unwrap(),
        profile: Profile::default(),
        verified_at: None,
        disabled_at: None,
        is_platform_admin: false,
        is_provisional: false,
        has_password: false,
        default_org: None,
        last_login_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// Returns a profile with a value in every field.
pub fn profile() -> Profile {
    Profile {
        full_name: Some(FullName::parse("Ann Lée 🦀").unwrap()),
        avatar_url: Some(AvatarUrl::parse("https://example.com/ann.png").unwrap()),
        bio: Some(Bio::parse("Likes tea;\n'quotes' and \"more\" -- \\").unwrap()),
        timezone: Some(Timezone::parse("Europe/Berlin").unwrap()),
        locale: Some(Locale::parse("de-CH").unwrap()),
        preferences: json(r#"{"theme":"dark"}"#),
        settings: json(r#"{"page":50}"#),
    }
}

/// Returns a shared organization.
pub fn org(name: &str) -> Org {
    Org {
        id: OrgId::from_uuid(id()),
        name: OrgName::parse(name).unwrap(),
        kind: OrgKind::Shared,
        created_at: NOW,
    }
}

/// Returns a membership since [`NOW`].
pub fn membership(org: &Org, user: &User, role: Role) -> Membership {
    Membership { user_id: user.id, org_id: org.id, role, joined_at: NOW }
}

/// Returns a live session with the default lifetimes and without an organization.
pub fn session(user: &User) -> Session {
    let lifetimes = SessionLifetimes::default();
    Session {
        id: SessionId::from_uuid(id()),
        user_id: user.id,
        org_id: None,
        generation: Session::FIRST_GENERATION,
        created_at: NOW,
        rotated_at: NOW,
        idle_expires_at: NOW + lifetimes.idle,
        expires_at: NOW + lifetimes.absolute,
        network: network(),
        user_agent: Some("Conformance/1.0 (ü)".to_owned()),
        last_network: network(),
        last_user_agent: Some("Conformance/1.0 (ü)".to_owned()),
        state: SessionState::Live,
    }
}

/// Returns a refresh with the current token, an hour after [`NOW`].
pub fn rotation(session: &Session) -> RefreshAttempt {
    let now = NOW + Duration::HOUR;
    RefreshAttempt {
        session_id: session.id,
        generation: session.generation,
        now,
        network: session.last_network,
        user_agent: session.last_user_agent.clone(),
        idle_expires_at: now + SessionLifetimes::default().idle,
        org_id: None,
        require_verified_email: false,
        rotate: true,
    }
}

/// Returns an invite to an organization.
pub fn invite(org: &Org, by: &User, address: &str) -> Invite {
    Invite {
        id: InviteId::from_uuid(id()),
        org_id: org.id,
        email: email(address),
        role: Role::Member,
        invited_by: by.id,
        counter: 1,
        created_at: NOW,
        expires_at: NOW + Invite::LIFETIME,
        state: InviteState::Pending,
    }
}

/// Returns a request to issue a token for an account's email address.
pub fn issue(user: &User, purpose: OneTimePurpose, now: OffsetDateTime) -> IssueOneTimeToken {
    IssueOneTimeToken {
        id: OneTimeTokenId::from_uuid(id()),
        user_id: user.id,
        purpose,
        email: user.email.clone(),
        now,
    }
}

/// Returns a reference to a row, which need not exist.
pub fn token_ref() -> TokenRef {
    TokenRef { id: id(), counter: 1 }
}

/// Returns a message that was requested at `created_at` and is due since then. Each one has a different
/// sender.
pub fn mail(created_at: OffsetDateTime) -> OutboxEntry {
    OutboxEntry {
        id: MailId::from_uuid(id()),
        to: email("Ann.Lee@example.com"),
        subject: MailKind::ResetRequested,
        sender: MailSender::user(UserId::from_uuid(id())),
        created_at,
        attempts: 0,
    }
}

/// Returns a signing key that signs from [`NOW`] on.
pub fn signing_key(kid: &str) -> SigningKey {
    SigningKey {
        kid: kid.to_owned(),
        algorithm: "EdDSA".to_owned(),
        public_key: (0..32).collect(),
        encrypted_private_key: (0..=255).collect(),
        created_at: NOW,
        activates_at: NOW,
        expires_at: None,
    }
}

/// Returns an entry of the audit trail that concerns no user.
pub fn audit_event() -> AuditEvent {
    AuditEvent {
        id: AuditEventId::from_uuid(id()),
        kind: AuditKind::Registered,
        at: NOW,
        user_id: None,
        org_id: None,
        session_id: None,
        client: RequestContext {
            ip: Ipv4Addr::new(192, 0, 2, 1).into(),
            is_forwarded: false,
            user_agent: None,
            request_id: "7f0c".to_owned(),
        },
    }
}
