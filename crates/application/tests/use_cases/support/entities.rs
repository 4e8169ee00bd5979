//! Ann, a verified user who is signed in to Acme, and her data.

use std::str::FromStr;

use doorward_application::Caller;
use doorward_domain::{
    InviteId, OneTimeTokenId, OrgId, SessionId, UserId,
    account::{email::EmailAddress, profile::Profile, user::User, username::Username},
    credential::password::{NewPassword, PasswordHash, StoredPassword},
    org::{
        Org, OrgKind, OrgName, OrgWithRole,
        invite::{Invite, InviteState},
        role::Role,
    },
    request_context::RequestContext,
    session::{Session, SessionContext, SessionLifetimes, SessionState},
    token::one_time::{EmailCount, OneTimePurpose, OneTimeToken},
};
use time::{Duration, OffsetDateTime, macros::datetime};

/// The time of the clock.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

fn id<T: FromStr<Err: std::fmt::Debug>>(number: u8) -> T {
    format!("00000000-0000-7000-8000-0000000000{number:02x}").parse().unwrap()
}

pub(crate) fn ann_id() -> UserId {
    id(0xa1)
}

pub(crate) fn bob_id() -> UserId {
    id(0xb0)
}

/// The organization that Ann is signed in to.
pub(crate) fn acme() -> OrgId {
    id(0xac)
}

/// An organization that Ann may or may not be a member of.
pub(crate) fn globex() -> OrgId {
    id(0x61)
}

pub(crate) fn session_id() -> SessionId {
    id(0x5e)
}

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(text.to_owned())
}

/// The version of Ann's stored password, which is not her first one.
pub(crate) const PASSWORD_VERSION: u32 = 7;

pub(crate) fn stored_password(text: &str) -> StoredPassword {
    StoredPassword { hash: hash(text), version: PASSWORD_VERSION }
}

pub(crate) fn new_password(text: &str) -> NewPassword {
    NewPassword::parse(text).unwrap()
}

pub(crate) fn ann() -> User {
    User {
        id: ann_id(),
        email: email("ann@example.com"),
        username: Username::parse("Ann.Lee").unwrap(),
        profile: Profile::default(),
        verified_at: Some(NOW - Duration::DAY),
        disabled_at: None,
        is_platform_admin: false,
        is_provisional: false,
        has_password: true,
        default_org: Some(acme()),
        last_login_at: None,
        created_at: NOW - Duration::WEEK,
        updated_at: NOW - Duration::WEEK,
    }
}

pub(crate) fn unverified() -> User {
    User { verified_at: None, ..ann() }
}

pub(crate) fn disabled() -> User {
    User { disabled_at: Some(NOW - Duration::HOUR), ..ann() }
}

pub(crate) fn client() -> RequestContext {
    RequestContext {
        ip: [192, 0, 2, 1].into(),
        is_forwarded: false,
        user_agent: Some("a browser".into()),
        request_id: "request-1".into(),
    }
}

pub(crate) fn caller() -> Caller {
    Caller {
        user: ann(),
        session_id: session_id(),
        workspace: Some((acme(), Role::Admin)),
        token_expires_at: NOW + Duration::minutes(15),
        client: client(),
    }
}

/// Ann's session in its third generation, which began a minute ago.
pub(crate) fn session() -> Session {
    let lifetimes = SessionLifetimes::default();
    let began = NOW - Duration::MINUTE;
    Session {
        id: session_id(),
        user_id: ann_id(),
        org_id: Some(acme()),
        generation: 3,
        created_at: NOW - Duration::DAY,
        rotated_at: began,
        idle_expires_at: began + lifetimes.idle,
        expires_at: NOW - Duration::DAY + lifetimes.absolute,
        network: client().ip_prefix(),
        user_agent: client().user_agent,
        last_network: client().ip_prefix(),
        last_user_agent: client().user_agent,
        state: SessionState::Live,
    }
}

pub(crate) fn session_context() -> SessionContext {
    SessionContext { session: session(), user: ann(), role: Some(Role::Admin) }
}

/// An organization with a member's role.
pub(crate) fn workspace(id: OrgId, role: Role) -> OrgWithRole {
    let name = OrgName::parse("Some organization").unwrap();
    OrgWithRole { org: Org { id, name, kind: OrgKind::Shared, created_at: NOW }, role }
}

/// Bob's invite for Ann to Globex.
pub(crate) fn invite() -> Invite {
    let created_at = NOW - Duration::DAY;
    Invite {
        id: id::<InviteId>(0x17),
        org_id: globex(),
        email: ann().email,
        role: Role::Member,
        invited_by: bob_id(),
        counter: 2,
        created_at,
        expires_at: created_at + Invite::LIFETIME,
        state: InviteState::Pending,
    }
}

/// Ann's valid token of a purpose, issued ten minutes ago.
pub(crate) fn one_time_token(purpose: OneTimePurpose) -> OneTimeToken {
    let issued_at = NOW - Duration::minutes(10);
    OneTimeToken {
        id: id::<OneTimeTokenId>(0x07),
        user_id: ann_id(),
        email: ann().email,
        counter: 4,
        issued_at,
        expires_at: issued_at + purpose.lifetime(),
        former_expires_at: None,
        used_at: None,
        emails: EmailCount::first(issued_at),
    }
}
