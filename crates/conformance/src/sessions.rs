//! Clauses of `SessionRepository` about opening and reading sessions.

use std::net::Ipv6Addr;

use doorward_domain::{
    SessionId,
    account::user::User,
    audit::{AuditEvent, AuditKind},
    org::role::Role,
    ports::{Storage, VerifiedPassword},
    request_context::IpPrefix,
    session::{Session, SessionContext, SessionEndReason, SessionState},
};
use time::macros::datetime;

use crate::{
    concurrency::at_once,
    fixtures::{self, connect},
    samples::{self, NOW, after},
    session_ends::end,
};

/// Checks that a session is returned unchanged, with times to the microsecond.
pub async fn session_is_returned_as_it_was_opened(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let network = IpPrefix::of(Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 3, 4, 5, 6).into());
    let full = Session { org_id: Some(org.id), network, ..samples::session(&ann) };
    let bare = Session { user_agent: None, ..samples::session(&ann) };
    for session in [full, bare] {
        fixtures::session(storage, session.clone()).await;
        let user = User { last_login_at: Some(session.created_at), ..ann.clone() };
        let expected = SessionContext { session: session.clone(), user, role: None };
        assert_eq!(fixtures::session_context(storage, &session).await, expected);
    }
}

/// Checks that opening a session records the user's latest sign-in, which doesn't change `updated_at`.
pub async fn opening_records_the_latest_sign_in(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    fixtures::session(storage, samples::session(&ann)).await;
    fixtures::session(storage, Session { created_at: after(9), ..samples::session(&ann) }).await;
    let stamped = User { last_login_at: Some(after(9)), ..ann };
    assert_eq!(fixtures::stored_user(storage, &stamped).await, stamped);
    assert_eq!(fixtures::stored_user(storage, &bob).await, bob);
}

/// Checks that opening is atomic: a session of an unknown user isn't stored.
pub async fn session_of_unknown_user_is_not_stored(storage: &dyn Storage) {
    let session = samples::session(&samples::user("unknown"));
    assert!(connect(storage).await.sessions().open(&session).await.is_err());
    let mut repositories = connect(storage).await;
    let sessions = repositories.sessions();
    assert_eq!(sessions.find_with_user(session.id, None).await.unwrap(), None);
    let much_later = datetime!(2999-01-01 0:00 UTC);
    assert_eq!(sessions.delete_ended(much_later, 100).await.unwrap(), 0);
}

/// Checks that opening is atomic: a session that can't be opened doesn't record a sign-in.
pub async fn failed_opening_records_no_sign_in(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let session = fixtures::session(storage, samples::session(&ann)).await;
    let again = Session { created_at: after(9), ..session };
    assert!(connect(storage).await.sessions().open(&again).await.is_err());
    assert_eq!(fixtures::stored_user(storage, &ann).await.last_login_at, Some(NOW));
}

async fn version(storage: &dyn Storage, user: &User) -> u32 {
    fixtures::stored_password(storage, user).await.version
}

async fn open_by_password(storage: &dyn Storage, session: &Session, verified: u32) -> bool {
    let verified = VerifiedPassword { version: verified, failures_cap: None };
    connect(storage).await.sessions().open_by_password(session, verified).await.unwrap()
}

/// Asserts that a password of this version opens no session of this user and records no sign-in.
async fn opens_none(storage: &dyn Storage, user: &User, verified: u32) {
    let session = samples::session(user);
    let name = user.username.as_str();
    let before = connect(storage).await.users().find(user.id).await.unwrap();
    assert!(!open_by_password(storage, &session, verified).await, "{name} {verified}");
    let mut repositories = connect(storage).await;
    assert_eq!(
        repositories.sessions().find_with_user(session.id, None).await.unwrap(),
        None,
        "{name}"
    );
    assert_eq!(repositories.users().find(user.id).await.unwrap(), before, "{name}");
}

/// Checks that a session is opened if the password still has this version.
pub async fn verified_password_opens_a_session(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let session = Session { created_at: after(9), ..samples::session(&ann) };
    assert!(open_by_password(storage, &session, version(storage, &ann).await).await);
    let user = User { last_login_at: Some(after(9)), ..ann };
    let session_context = fixtures::session_context(storage, &session).await;
    assert_eq!(session_context, SessionContext { session, user, role: None });
}

/// Checks that a hash that was renewed meanwhile counts as the same password.
pub async fn password_with_renewed_hash_opens_a_session(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let verified = version(storage, &ann).await;
    let (old, new) = (samples::hash("ann"), samples::hash("renewed"));
    let renewed = connect(storage).await.users().rehash_password(ann.id, &old, &new).await;
    assert!(renewed.unwrap());
    assert!(open_by_password(storage, &samples::session(&ann), verified).await);
}

/// Checks that no session is opened and no sign-in is recorded after the password was changed in any way,
/// even to the same hash.
pub async fn previous_password_opens_no_session(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let bob = fixtures::user_with_password(storage, samples::user("bob")).await;
    let (of_ann, of_bob) = (version(storage, &ann).await, version(storage, &bob).await);
    let mut repositories = connect(storage).await;
    let users = repositories.users();
    let new = samples::new_hash(samples::hash("ann"), after(1));
    users.set_password(ann.id, &new).await.unwrap();
    assert!(
        users
            .change_password(bob.id, of_bob, &samples::new_hash(samples::hash("new"), after(1)))
            .await
            .unwrap()
    );
    drop(repositories);
    for (user, verified) in [(&ann, of_ann), (&bob, of_bob)] {
        opens_none(storage, user, verified).await;
        opens_none(storage, user, verified + 2).await;
        assert!(open_by_password(storage, &samples::session(user), verified + 1).await);
    }
}

/// Checks that no session is opened if the user is disabled or unknown.
pub async fn password_of_disabled_or_unknown_user_opens_no_session(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let verified = version(storage, &ann).await;
    connect(storage).await.users().set_disabled(ann.id, Some(NOW)).await.unwrap();
    opens_none(storage, &ann, verified).await;
    opens_none(storage, &samples::user("unknown"), verified).await;
    connect(storage).await.users().set_disabled(ann.id, None).await.unwrap();
    assert!(open_by_password(storage, &samples::session(&ann), verified).await);
}

/// Checks that a session is opened only if fewer sign-ins in a row than the cap have failed, if there is a
/// cap.
pub async fn password_opens_no_session_after_too_many_failures(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let bob = fixtures::user_with_password(storage, samples::user("bob")).await;
    let version = version(storage, &ann).await;
    let opens = async |user: &User, failures_cap| {
        let verified = VerifiedPassword { version, failures_cap };
        let session = samples::session(user);
        connect(storage).await.sessions().open_by_password(&session, verified).await.unwrap()
    };
    let record = async |kind| {
        let event = AuditEvent { kind, user_id: Some(ann.id), ..samples::audit_event() };
        connect(storage).await.audit().record(&event).await.unwrap();
    };
    for _ in 0..3 {
        record(AuditKind::LoginFailed).await;
    }
    assert!(!opens(&ann, Some(3)).await);
    assert!(opens(&ann, Some(4)).await && opens(&ann, None).await && opens(&bob, Some(3)).await);
    record(AuditKind::LoggedIn).await;
    assert!(opens(&ann, Some(3)).await);
}

/// Checks that no version matches for an account without a password.
pub async fn account_without_password_opens_no_session_by_password(storage: &dyn Storage) {
    let bare = fixtures::user(storage, samples::user("bare")).await;
    for version in 0..3 {
        opens_none(storage, &bare, version).await;
    }
}

/// Checks that no sign-in survives a concurrent change of its password: its session is either opened before
/// the change, which then ends it, or not at all.
pub async fn no_sign_in_survives_a_password_change(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let verified = version(storage, &ann).await;
    let sessions: Vec<_> = (0..8).map(|_| samples::session(&ann)).collect();
    let opened = at_once(sessions.len() + 1, async |number| {
        if let Some(session) = sessions.get(number) {
            return open_by_password(storage, session, verified).await;
        }
        let (new, reason) = (samples::hash("new"), SessionEndReason::PasswordChanged);
        let mut work = fixtures::begin(storage).await;
        assert!(
            work.users()
                .change_password(ann.id, verified, &samples::new_hash(new, after(1)))
                .await
                .unwrap()
        );
        work.sessions().end_all(ann.id, None, reason, after(1)).await.unwrap();
        work.commit().await.unwrap();
        false
    });
    for (session, opened) in sessions.iter().zip(opened) {
        let session_context =
            connect(storage).await.sessions().find_with_user(session.id, None).await.unwrap();
        assert_eq!(session_context.is_some(), opened);
        assert!(
            session_context
                .is_none_or(|session_context| session_context.session.state != SessionState::Live)
        );
    }
}

/// Checks that the role is that in the named organization, or in the session's own.
pub async fn session_context_has_the_role_in_one_organization(storage: &dyn Storage) {
    let own = fixtures::org(storage, samples::org("Own")).await;
    let named = fixtures::org(storage, samples::org("Named")).await;
    let foreign = fixtures::org(storage, samples::org("Foreign")).await;
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    fixtures::member(storage, &own, &ann, Role::Owner).await;
    fixtures::member(storage, &named, &ann, Role::Member).await;
    fixtures::member(storage, &foreign, &bob, Role::Admin).await;
    let session = Session { org_id: Some(own.id), ..samples::session(&ann) };
    let session = fixtures::session(storage, session).await;
    let homeless = fixtures::session(storage, samples::session(&ann)).await;

    let cases = [
        (&session, None, Some(Role::Owner)),
        (&session, Some(own.id), Some(Role::Owner)),
        (&session, Some(named.id), Some(Role::Member)),
        (&session, Some(foreign.id), None),
        (&homeless, None, None),
        (&homeless, Some(named.id), Some(Role::Member)),
    ];
    for (session, org, role) in cases {
        let session_context =
            connect(storage).await.sessions().find_with_user(session.id, org).await;
        let session_context = session_context.unwrap().unwrap();
        assert_eq!((session_context.role, session_context.user.id), (role, ann.id), "{org:?}");
        assert_eq!(session_context.session, *session);
    }
}

/// Checks that the result for an unknown ID is `Ok(None)`.
pub async fn unknown_session_has_no_context(storage: &dyn Storage) {
    let id = SessionId::from_uuid(samples::id());
    assert_eq!(connect(storage).await.sessions().find_with_user(id, None).await.unwrap(), None);
}

/// Checks that an ended session is returned: the caller decides whether it can be used.
pub async fn ended_session_still_has_its_context(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let session = fixtures::session(storage, samples::session(&ann)).await;
    connect(storage).await.users().set_disabled(ann.id, Some(after(1))).await.unwrap();
    assert!(end(storage, &session, SessionEndReason::Revoked, after(2)).await);
    let session_context = fixtures::session_context(storage, &session).await;
    let ended = SessionState::Ended { at: after(2), reason: SessionEndReason::Revoked };
    assert_eq!(session_context.session, Session { state: ended, ..session });
    assert_eq!(session_context.user.disabled_at, Some(after(1)));
}

/// Checks that a session can switch to an organization of which its user is a member, with the role there.
pub async fn session_switches_to_another_organization(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let (first, second) = (samples::org("First"), samples::org("Second"));
    let (first, second) =
        (fixtures::org(storage, first).await, fixtures::org(storage, second).await);
    fixtures::member(storage, &first, &ann, Role::Owner).await;
    fixtures::member(storage, &second, &ann, Role::Admin).await;
    let session = Session { org_id: Some(first.id), ..samples::session(&ann) };
    let session = fixtures::session(storage, session).await;
    let other = fixtures::session(storage, samples::session(&ann)).await;

    let role = connect(storage).await.sessions().switch_org(session.id, second.id).await.unwrap();
    assert_eq!(role, Some(Role::Admin));
    let session_context = fixtures::session_context(storage, &session).await;
    assert_eq!(session_context.session, Session { org_id: Some(second.id), ..session });
    assert_eq!(session_context.role, Some(Role::Admin));
    assert_eq!(fixtures::session_context(storage, &other).await.session, other);
}

/// Checks that a session can't switch to an organization of which its user isn't a member, or after it has
/// ended.
pub async fn session_does_not_switch_to_organization_of_others(storage: &dyn Storage) {
    let (ann, bob) = (samples::user("ann"), samples::user("bob"));
    let (ann, bob) = (fixtures::user(storage, ann).await, fixtures::user(storage, bob).await);
    let (own, foreign) = (samples::org("Own"), samples::org("Foreign"));
    let (own, foreign) = (fixtures::org(storage, own).await, fixtures::org(storage, foreign).await);
    fixtures::member(storage, &own, &ann, Role::Owner).await;
    fixtures::member(storage, &foreign, &bob, Role::Owner).await;
    let session = fixtures::session(storage, samples::session(&ann)).await;
    let ended = fixtures::session(storage, samples::session(&ann)).await;
    end(storage, &ended, SessionEndReason::LoggedOut, NOW).await;

    let unknown = SessionId::from_uuid(samples::id());
    for (id, org) in [(session.id, &foreign), (ended.id, &own), (unknown, &own)] {
        let role = connect(storage).await.sessions().switch_org(id, org.id).await.unwrap();
        assert_eq!(role, None);
    }
    for session in [session, ended] {
        assert_eq!(fixtures::session_context(storage, &session).await.session.org_id, None);
    }
}
