//! `SessionRepository`: how sessions end, one by one, all of an account, and all that there are.

use doorward_domain::{
    ports::Storage,
    session::{Session, SessionEnd, SessionState},
    user::User,
};
use time::{Duration, OffsetDateTime};

use crate::{
    concurrency::{at_once, count_yes},
    given::{self, connect},
    sample::{self, NOW, after},
};

pub(crate) async fn end(
    storage: &dyn Storage,
    session: &Session,
    reason: SessionEnd,
    now: OffsetDateTime,
) -> bool {
    connect(storage).await.sessions().end(session.user_id, session.id, reason, now).await.unwrap()
}

async fn state(storage: &dyn Storage, session: &Session) -> SessionState {
    given::standing(storage, session).await.session.state
}

/// `SessionRepository::end`: the reason of an earlier end MUST stay.
pub async fn the_first_end_counts(storage: &dyn Storage) {
    let reasons = [
        SessionEnd::LoggedOut,
        SessionEnd::TokenReused,
        SessionEnd::PasswordChanged,
        SessionEnd::PasswordReset,
        SessionEnd::Revoked,
        SessionEnd::Renewed,
        SessionEnd::TooManyFailures,
    ];
    let ann = given::user(storage, sample::user("ann")).await;
    for reason in reasons {
        let session = given::session(storage, sample::session(&ann)).await;
        assert!(end(storage, &session, reason, after(1)).await);
        for later in reasons {
            assert!(!end(storage, &session, later, after(2)).await);
        }
        assert_eq!(state(storage, &session).await, SessionState::Ended { at: after(1), reason });
    }
}

/// `SessionRepository::end`: it says whether it was this call that did.
pub async fn an_unknown_session_is_not_ended(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let session = given::session(storage, sample::session(&ann)).await;
    assert!(!end(storage, &sample::session(&ann), SessionEnd::LoggedOut, NOW).await);
    assert_eq!(state(storage, &session).await, SessionState::Live);
}

/// `SessionRepository::end`: nobody ends the session of another user.
pub async fn a_session_of_another_user_is_not_ended(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let session = given::session(storage, sample::session(&ann)).await;
    let foreign = Session { user_id: bob.id, ..session.clone() };
    assert!(!end(storage, &foreign, SessionEnd::Revoked, NOW).await);
    assert_eq!(state(storage, &session).await, SessionState::Live);
}

/// `SessionRepository::end`: of many callers at the same moment, one did.
pub async fn of_many_ends_one_counts(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let session = given::session(storage, sample::session(&ann)).await;
    let answers = at_once(16, async |_| end(storage, &session, SessionEnd::LoggedOut, NOW).await);
    assert_eq!(count_yes(answers), 1);
}

/// `SessionRepository::end_all`: all of a user's but one, and nobody else's; earlier ends stay.
pub async fn all_sessions_but_one_are_ended(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let mut sessions = Vec::new();
    for user in [&ann, &ann, &ann, &ann, &bob] {
        sessions.push(given::session(storage, sample::session(user)).await);
    }
    let [one, two, kept, earlier, foreign] = sessions.try_into().unwrap();
    end(storage, &earlier, SessionEnd::LoggedOut, after(1)).await;

    let reason = SessionEnd::PasswordChanged;
    let mut repositories = connect(storage).await;
    let ended = repositories.sessions().end_all(ann.id, Some(kept.id), reason, after(2)).await;
    assert_eq!(ended.unwrap(), 2);
    drop(repositories);
    for session in [&one, &two] {
        assert_eq!(state(storage, session).await, SessionState::Ended { at: after(2), reason });
    }
    for session in [&kept, &foreign] {
        assert_eq!(state(storage, session).await, SessionState::Live);
    }
    let before = SessionState::Ended { at: after(1), reason };
    assert_eq!(state(storage, &earlier).await, before, "it vouches for nothing any more");
}

/// `SessionRepository::end_all`: with nothing to spare, all of them.
pub async fn all_sessions_are_ended(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    for _ in 0..3 {
        given::session(storage, sample::session(&ann)).await;
    }
    for count in [3, 0] {
        let mut repositories = connect(storage).await;
        let reason = SessionEnd::PasswordReset;
        let ended = repositories.sessions().end_all(ann.id, None, reason, NOW).await.unwrap();
        assert_eq!(ended, count);
    }
}

/// `SessionRepository::revoke_some`: anybody's, as many as asked for, until there are none; other ends stay.
pub async fn sessions_of_everybody_are_revoked_by_and_by(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let mut sessions = Vec::new();
    for user in [&ann, &ann, &bob, &bob, &bob] {
        sessions.push(given::session(storage, sample::session(user)).await);
    }
    end(storage, &sessions[3], SessionEnd::LoggedOut, after(1)).await;
    end(storage, &sessions[4], SessionEnd::PasswordChanged, after(1)).await;
    let mut counts = Vec::new();
    for _ in 0..4 {
        let mut repositories = connect(storage).await;
        counts.push(repositories.sessions().revoke_some(3, after(2)).await.unwrap());
    }
    assert_eq!(counts, [3, 1, 0, 0]);
    let revoked = |at| SessionState::Ended { at, reason: SessionEnd::Revoked };
    for session in &sessions[..3] {
        assert_eq!(state(storage, session).await, revoked(after(2)));
    }
    assert_eq!(state(storage, &sessions[3]).await, revoked(after(1)));
    let changed = SessionState::Ended { at: after(1), reason: SessionEnd::PasswordChanged };
    assert_eq!(state(storage, &sessions[4]).await, changed);
}

/// `SessionRepository::delete_ended`: those that can't be continued since then, for any cause.
pub async fn sessions_that_ended_long_ago_are_deleted(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let session = |idle: i64, absolute: i64| Session {
        idle_expires_at: NOW + Duration::days(idle),
        expires_at: NOW + Duration::days(absolute),
        ..sample::session(&ann)
    };
    let live = given::session(storage, session(30, 90)).await;
    let idle = given::session(storage, session(2, 90)).await;
    let old = given::session(storage, session(90, 2)).await;
    let ended = given::session(storage, session(30, 90)).await;
    let ended_lately = given::session(storage, session(30, 90)).await;
    end(storage, &ended, SessionEnd::LoggedOut, NOW + Duration::days(2)).await;
    end(storage, &ended_lately, SessionEnd::LoggedOut, NOW + Duration::days(4)).await;

    let before = NOW + Duration::days(3);
    for count in [3, 0] {
        let deleted = connect(storage).await.sessions().delete_ended(before).await.unwrap();
        assert_eq!(deleted, count);
    }
    for (session, kept) in
        [(live, true), (idle, false), (old, false), (ended, false), (ended_lately, true)]
    {
        let standing = connect(storage).await.sessions().standing(session.id, None).await.unwrap();
        assert_eq!(standing.is_some(), kept);
    }
}

/// `SessionRepository::end_by`: a session ends then, if it would not end before, and no other does. One that has ended is
/// left as it is.
pub async fn a_session_ends_no_later_than_it_is_told_to(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let session = given::session(storage, sample::session(&ann)).await;
    let other = given::session(storage, sample::session(&ann)).await;
    for at in [after(60), after(120)] {
        assert!(connect(storage).await.sessions().end_by(session.id, at).await.unwrap());
        let stored = given::standing(storage, &session).await.session;
        assert_eq!(stored, Session { expires_at: after(60), ..session.clone() });
    }
    assert_eq!(given::standing(storage, &other).await.session, other);

    let mut repositories = connect(storage).await;
    let sessions = repositories.sessions();
    assert!(sessions.end(ann.id, session.id, SessionEnd::Revoked, NOW).await.unwrap());
    assert!(!sessions.end_by(session.id, after(30)).await.unwrap());
    drop(repositories);
    assert_eq!(given::standing(storage, &session).await.session.expires_at, after(60));
    let nobodys = sample::session(&ann);
    assert!(!connect(storage).await.sessions().end_by(nobodys.id, after(30)).await.unwrap());
}

/// `SessionRepository::inherit`: a session lasts no longer than the one of its user that it follows.
pub async fn session_lasts_no_longer_than_the_one_it_inherits_from(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let given =
        |user: &User, minutes| Session { expires_at: after(minutes), ..sample::session(user) };
    for (first, second, expected) in [(60, 120, 60), (120, 60, 60)] {
        let first = given::session(storage, given(&ann, first)).await;
        let second = given::session(storage, given(&ann, second)).await;
        connect(storage).await.sessions().inherit(second.id, first.id).await.unwrap();
        assert_eq!(given::standing(storage, &second).await.session.expires_at, after(expected));
        let stored = given::standing(storage, &first).await.session;
        assert_eq!(stored, first);
    }
    let of_ann = given::session(storage, given(&ann, 60)).await;
    let of_bob = given::session(storage, given(&bob, 120)).await;
    for from in [of_ann.id, sample::session(&bob).id] {
        connect(storage).await.sessions().inherit(of_bob.id, from).await.unwrap();
        assert_eq!(given::standing(storage, &of_bob).await.session, of_bob);
    }
}
