//! `SessionRepository`: sessions as they are opened and read.

use std::net::Ipv6Addr;

use doorward_domain::{
    SessionId,
    audit::{AuditEvent, AuditKind},
    client::Network,
    ports::{Storage, VerifiedPassword},
    role::Role,
    session::{Session, SessionEnd, SessionState, Standing},
    user::User,
};
use time::macros::datetime;

use crate::{
    concurrency::at_once,
    given::{self, connect},
    sample::{self, NOW, after},
    session_ends::end,
};

/// `SessionRepository::open`, `standing`: everything is kept, times to the microsecond.
pub async fn a_session_comes_back_as_it_was_opened(storage: &dyn Storage) {
    let org = given::org(storage, sample::org("Acme")).await;
    let ann = given::user(storage, sample::user("ann")).await;
    let network = Network::of(Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 3, 4, 5, 6).into());
    let full = Session { org_id: Some(org.id), network, ..sample::session(&ann) };
    let bare = Session { user_agent: None, ..sample::session(&ann) };
    for session in [full, bare] {
        given::session(storage, session.clone()).await;
        let user = User { last_login_at: Some(session.created_at), ..ann.clone() };
        let expected = Standing { session: session.clone(), user, role: None };
        assert_eq!(given::standing(storage, &session).await, expected);
    }
}

/// `SessionRepository::open`: it stamps its user's latest sign-in, which is no change of their data.
pub async fn opening_stamps_the_latest_sign_in(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    given::session(storage, sample::session(&ann)).await;
    given::session(storage, Session { created_at: after(9), ..sample::session(&ann) }).await;
    let stamped = User { last_login_at: Some(after(9)), ..ann };
    assert_eq!(given::stored_user(storage, &stamped).await, stamped);
    assert_eq!(given::stored_user(storage, &bob).await, bob);
}

/// `SessionRepository::open`: both or neither: no session of nobody stays.
pub async fn a_session_of_nobody_leaves_nothing(storage: &dyn Storage) {
    let session = sample::session(&sample::user("nobody"));
    assert!(connect(storage).await.sessions().open(&session).await.is_err());
    let mut repositories = connect(storage).await;
    let sessions = repositories.sessions();
    assert_eq!(sessions.standing(session.id, None).await.unwrap(), None);
    let much_later = datetime!(2999-01-01 0:00 UTC);
    assert_eq!(sessions.delete_ended(much_later).await.unwrap(), 0);
}

/// `SessionRepository::open`: both or neither: a session that can't be opened stamps nothing.
pub async fn a_session_that_can_not_be_opened_stamps_nothing(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let session = given::session(storage, sample::session(&ann)).await;
    let again = Session { created_at: after(9), ..session };
    assert!(connect(storage).await.sessions().open(&again).await.is_err());
    assert_eq!(given::stored_user(storage, &ann).await.last_login_at, Some(NOW));
}

async fn version(storage: &dyn Storage, user: &User) -> u32 {
    given::stored_password(storage, user).await.version
}

async fn open_by_password(storage: &dyn Storage, session: &Session, verified: u32) -> bool {
    let verified = VerifiedPassword { version: verified, failures_cap: None };
    connect(storage).await.sessions().open_by_password(session, verified).await.unwrap()
}

/// A password of this version opens no session of this user, and leaves no stamp.
async fn opens_none(storage: &dyn Storage, user: &User, verified: u32) {
    let session = sample::session(user);
    let name = user.username.as_str();
    let before = connect(storage).await.users().find(user.id).await.unwrap();
    assert!(!open_by_password(storage, &session, verified).await, "{name} {verified}");
    let mut repositories = connect(storage).await;
    assert_eq!(repositories.sessions().standing(session.id, None).await.unwrap(), None, "{name}");
    assert_eq!(repositories.users().find(user.id).await.unwrap(), before, "{name}");
}

/// `SessionRepository::open_by_password`: as `open`, if the password still is of this version.
pub async fn a_verified_password_opens_a_session(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let session = Session { created_at: after(9), ..sample::session(&ann) };
    assert!(open_by_password(storage, &session, version(storage, &ann).await).await);
    let user = User { last_login_at: Some(after(9)), ..ann };
    let standing = given::standing(storage, &session).await;
    assert_eq!(standing, Standing { session, user, role: None });
}

/// `SessionRepository::open_by_password`: a hash that was renewed in between is of the same password.
pub async fn a_password_whose_hash_was_renewed_opens_a_session(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let verified = version(storage, &ann).await;
    let (old, new) = (sample::hash("ann"), sample::hash("renewed"));
    let renewed = connect(storage).await.users().rehash_password(ann.id, &old, &new).await;
    assert!(renewed.unwrap());
    assert!(open_by_password(storage, &sample::session(&ann), verified).await);
}

/// `SessionRepository::open_by_password`: it MUST NOT open a session, nor stamp its user, after the
/// password was changed, in whichever way, or even to the same hash.
pub async fn a_password_of_before_opens_no_session(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let bob = given::user_with_password(storage, sample::user("bob")).await;
    let (of_ann, of_bob) = (version(storage, &ann).await, version(storage, &bob).await);
    let mut repositories = connect(storage).await;
    let users = repositories.users();
    let new = sample::new_hash(sample::hash("ann"), after(1));
    users.set_password(ann.id, &new).await.unwrap();
    assert!(
        users
            .change_password(bob.id, of_bob, &sample::new_hash(sample::hash("new"), after(1)))
            .await
            .unwrap()
    );
    drop(repositories);
    for (user, verified) in [(&ann, of_ann), (&bob, of_bob)] {
        opens_none(storage, user, verified).await;
        opens_none(storage, user, verified + 2).await;
        assert!(open_by_password(storage, &sample::session(user), verified + 1).await);
    }
}

/// `SessionRepository::open_by_password`: if the user is active, and there is one.
pub async fn a_password_of_nobody_active_opens_no_session(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let verified = version(storage, &ann).await;
    connect(storage).await.users().set_disabled(ann.id, Some(NOW)).await.unwrap();
    opens_none(storage, &ann, verified).await;
    opens_none(storage, &sample::user("nobody"), verified).await;
    connect(storage).await.users().set_disabled(ann.id, None).await.unwrap();
    assert!(open_by_password(storage, &sample::session(&ann), verified).await);
}

/// `SessionRepository::open_by_password`: if fewer sign-ins than the cap have failed in a row, where there is a cap.
pub async fn password_opens_no_session_after_too_many_failures(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let bob = given::user_with_password(storage, sample::user("bob")).await;
    let version = version(storage, &ann).await;
    let opens = async |user: &User, failures_cap| {
        let verified = VerifiedPassword { version, failures_cap };
        let session = sample::session(user);
        connect(storage).await.sessions().open_by_password(&session, verified).await.unwrap()
    };
    let record = async |kind| {
        let event = AuditEvent { kind, user_id: Some(ann.id), ..sample::audit_event() };
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

/// `SessionRepository::open_by_password`: an account without a password has none of any version.
pub async fn an_account_without_a_password_opens_no_session_by_one(storage: &dyn Storage) {
    let bare = given::user(storage, sample::user("bare")).await;
    for version in 0..3 {
        opens_none(storage, &bare, version).await;
    }
}

/// `SessionRepository::open_by_password`: a sign-in MUST NOT open a session after its password was
/// changed: one at the same moment is either before the change, which then ends it, or refused.
pub async fn no_sign_in_outlives_a_change_of_its_password(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let verified = version(storage, &ann).await;
    let sessions: Vec<_> = (0..8).map(|_| sample::session(&ann)).collect();
    let opened = at_once(sessions.len() + 1, async |number| {
        if let Some(session) = sessions.get(number) {
            return open_by_password(storage, session, verified).await;
        }
        let (new, reason) = (sample::hash("new"), SessionEnd::PasswordChanged);
        let mut work = given::begin(storage).await;
        assert!(
            work.users()
                .change_password(ann.id, verified, &sample::new_hash(new, after(1)))
                .await
                .unwrap()
        );
        work.sessions().end_all(ann.id, None, reason, after(1)).await.unwrap();
        work.commit().await.unwrap();
        false
    });
    for (session, opened) in sessions.iter().zip(opened) {
        let standing = connect(storage).await.sessions().standing(session.id, None).await.unwrap();
        assert_eq!(standing.is_some(), opened);
        assert!(standing.is_none_or(|standing| standing.session.state != SessionState::Live));
    }
}

/// `SessionRepository::standing`: the role in the named organisation, or in the session's own.
pub async fn a_standing_has_the_role_in_one_organisation(storage: &dyn Storage) {
    let own = given::org(storage, sample::org("Own")).await;
    let named = given::org(storage, sample::org("Named")).await;
    let foreign = given::org(storage, sample::org("Foreign")).await;
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    given::member(storage, &own, &ann, Role::Owner).await;
    given::member(storage, &named, &ann, Role::Member).await;
    given::member(storage, &foreign, &bob, Role::Admin).await;
    let session = Session { org_id: Some(own.id), ..sample::session(&ann) };
    let session = given::session(storage, session).await;
    let homeless = given::session(storage, sample::session(&ann)).await;

    let cases = [
        (&session, None, Some(Role::Owner)),
        (&session, Some(own.id), Some(Role::Owner)),
        (&session, Some(named.id), Some(Role::Member)),
        (&session, Some(foreign.id), None),
        (&homeless, None, None),
        (&homeless, Some(named.id), Some(Role::Member)),
    ];
    for (session, org, role) in cases {
        let standing = connect(storage).await.sessions().standing(session.id, org).await;
        let standing = standing.unwrap().unwrap();
        assert_eq!((standing.role, standing.user.id), (role, ann.id), "{org:?}");
        assert_eq!(standing.session, *session);
    }
}

/// `SessionRepository::standing`: absence is `Ok(None)`.
pub async fn an_unknown_session_has_no_standing(storage: &dyn Storage) {
    let id = SessionId::from_uuid(sample::id());
    assert_eq!(connect(storage).await.sessions().standing(id, None).await.unwrap(), None);
}

/// `SessionRepository::standing`: whether it may still be used is for the caller to judge.
pub async fn an_ended_session_still_has_its_standing(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let session = given::session(storage, sample::session(&ann)).await;
    connect(storage).await.users().set_disabled(ann.id, Some(after(1))).await.unwrap();
    assert!(end(storage, &session, SessionEnd::Revoked, after(2)).await);
    let standing = given::standing(storage, &session).await;
    let ended = SessionState::Ended { at: after(2), reason: SessionEnd::Revoked };
    assert_eq!(standing.session, Session { state: ended, ..session });
    assert_eq!(standing.user.disabled_at, Some(after(1)));
}

/// `SessionRepository::switch_org`: to where its user is a member, with the role there.
pub async fn a_session_continues_in_another_organisation(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let (first, second) = (sample::org("First"), sample::org("Second"));
    let (first, second) = (given::org(storage, first).await, given::org(storage, second).await);
    given::member(storage, &first, &ann, Role::Owner).await;
    given::member(storage, &second, &ann, Role::Admin).await;
    let session = Session { org_id: Some(first.id), ..sample::session(&ann) };
    let session = given::session(storage, session).await;
    let other = given::session(storage, sample::session(&ann)).await;

    let role = connect(storage).await.sessions().switch_org(session.id, second.id).await.unwrap();
    assert_eq!(role, Some(Role::Admin));
    let standing = given::standing(storage, &session).await;
    assert_eq!(standing.session, Session { org_id: Some(second.id), ..session });
    assert_eq!(standing.role, Some(Role::Admin));
    assert_eq!(given::standing(storage, &other).await.session, other);
}

/// `SessionRepository::switch_org`: not to where its user is no member, and not once it has ended.
pub async fn a_session_continues_in_no_organisation_of_others(storage: &dyn Storage) {
    let (ann, bob) = (sample::user("ann"), sample::user("bob"));
    let (ann, bob) = (given::user(storage, ann).await, given::user(storage, bob).await);
    let (own, foreign) = (sample::org("Own"), sample::org("Foreign"));
    let (own, foreign) = (given::org(storage, own).await, given::org(storage, foreign).await);
    given::member(storage, &own, &ann, Role::Owner).await;
    given::member(storage, &foreign, &bob, Role::Owner).await;
    let session = given::session(storage, sample::session(&ann)).await;
    let ended = given::session(storage, sample::session(&ann)).await;
    end(storage, &ended, SessionEnd::LoggedOut, NOW).await;

    let unknown = SessionId::from_uuid(sample::id());
    for (id, org) in [(session.id, &foreign), (ended.id, &own), (unknown, &own)] {
        let role = connect(storage).await.sessions().switch_org(id, org.id).await.unwrap();
        assert_eq!(role, None);
    }
    for session in [session, ended] {
        assert_eq!(given::standing(storage, &session).await.session.org_id, None);
    }
}
