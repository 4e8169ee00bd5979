//! Values to test with. Each call makes new ids, so that two samples never are the same row.

use std::{net::Ipv4Addr, sync::LazyLock};

use doorward_domain::{
    AuditEventId, InviteId, MailId, OneTimeTokenId, OrgId, SessionId, UserId,
    audit::{AuditEvent, AuditKind},
    client::{Client, Network},
    email::EmailAddress,
    invite::{Invite, InviteState},
    mail::{MailSubject, OutboxEntry},
    membership::Membership,
    mock::SeededIds,
    one_time_token::{IssueOneTimeToken, OneTimePurpose},
    org::{Org, OrgKind, OrgName},
    password::{NewHash, PasswordHash},
    ports::Ids,
    profile::{AvatarUrl, Bio, FullName, Locale, Profile, Timezone},
    role::Role,
    session::{Rotation, Session, SessionLifetimes, SessionState},
    signing_key::SigningKey,
    user::{ClientEvidence, User},
    username::Username,
};
use doorward_domain::{json_object::JsonObject, token::TokenRef};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// The time at which samples are made: as fine as storage has to keep it.
pub const NOW: OffsetDateTime = datetime!(2026-01-01 12:00:00.123456 UTC);

/// A time after [`NOW`], by seconds.
pub fn after(seconds: i64) -> OffsetDateTime {
    NOW + Duration::seconds(seconds)
}

/// A new id.
pub fn id() -> Uuid {
    static IDS: LazyLock<SeededIds> = LazyLock::new(SeededIds::default);
    IDS.next()
}

/// An address.
pub fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// A JSON object, which has to be compact already.
pub fn json(text: &str) -> JsonObject {
    JsonObject::from_stored(text.to_owned())
}

/// The hash of a new password that was set from nowhere in particular.
pub fn new_hash(hash: PasswordHash, at: OffsetDateTime) -> NewHash {
    NewHash { hash, from: None, at }
}

/// What a client without a device token is recognized by.
pub fn evidence() -> ClientEvidence {
    ClientEvidence { network: Some(network()), device: None, now: NOW }
}

/// A hash that no password has.
pub fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(format!("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ${text}"))
}

/// A network with one client.
pub fn network() -> Network {
    Network::of(Ipv4Addr::new(192, 0, 2, 1).into())
}

/// An account that is neither verified nor has a password. Its address is made of its name.
pub fn user(name: &str) -> User {
    User {
        id: UserId::from_uuid(id()),
        email: email(&format!("{name}@example.com")),
        username: Username::parse(name).unwrap(),
        profile: Profile::default(),
        verified_at: None,
        disabled_at: None,
        is_platform_admin: false,
        has_password: false,
        default_org: None,
        last_login_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A profile with something in every field.
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

/// An organisation to work in together.
pub fn org(name: &str) -> Org {
    Org {
        id: OrgId::from_uuid(id()),
        name: OrgName::parse(name).unwrap(),
        kind: OrgKind::Shared,
        created_at: NOW,
    }
}

/// A membership since [`NOW`].
pub fn membership(org: &Org, user: &User, role: Role) -> Membership {
    Membership { user_id: user.id, org_id: org.id, role, joined_at: NOW }
}

/// A live session of the default lifetimes, in no organisation.
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
        state: SessionState::Live,
    }
}

/// A refresh with the current token, an hour after the session was opened.
pub fn rotation(session: &Session) -> Rotation {
    let now = NOW + Duration::HOUR;
    Rotation {
        session_id: session.id,
        presented: session.generation,
        now,
        idle_expires_at: now + SessionLifetimes::default().idle,
        org_id: None,
        verified_only: false,
        single_use: true,
    }
}

/// An invite into an organisation.
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

/// The issue of a token to an account's address.
pub fn issue(user: &User, purpose: OneTimePurpose, now: OffsetDateTime) -> IssueOneTimeToken {
    IssueOneTimeToken {
        id: OneTimeTokenId::from_uuid(id()),
        user_id: user.id,
        purpose,
        email: user.email.clone(),
        now,
    }
}

/// A reference to a row that there may be or not.
pub fn token_ref() -> TokenRef {
    TokenRef { row: id(), counter: 1 }
}

/// A mail that was asked for at this time, and is due since.
pub fn mail(created_at: OffsetDateTime) -> OutboxEntry {
    OutboxEntry {
        id: MailId::from_uuid(id()),
        to: email("Ann.Lee@example.com"),
        subject: MailSubject::ResetRequested,
        created_at,
        attempts: 0,
    }
}

/// A signing key that signs at once.
pub fn signing_key(kid: &str) -> SigningKey {
    SigningKey {
        kid: kid.to_owned(),
        algorithm: "EdDSA".to_owned(),
        public_key: (0..32).collect(),
        sealed_private_key: (0..=255).collect(),
        created_at: NOW,
        activates_at: NOW,
        expires_at: None,
    }
}

/// An entry of the audit trail that tells of nobody.
pub fn audit_event() -> AuditEvent {
    AuditEvent {
        id: AuditEventId::from_uuid(id()),
        kind: AuditKind::Registered,
        at: NOW,
        user_id: None,
        org_id: None,
        session_id: None,
        client: Client {
            address: Ipv4Addr::new(192, 0, 2, 1).into(),
            is_forwarded: false,
            user_agent: None,
            request_id: "7f0c".to_owned(),
        },
    }
}
