//! Clauses of `SessionRepository` about the end of one session, of all sessions of an account, and of all
//! sessions.

use doorward_domain::{
    account::user::{LoginCandidate, User},
    ports::Storage,
    session::{Session, SessionEndReason, SessionState},
    token::TokenRef,
};
use time::{Duration, OffsetDateTime};

use crate::{
    concurrency::{at_once, count_true},
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

pub(crate) async fn end(
    storage: &dyn Storage,
    session: &Session,
    reason: SessionEndReason,
    now: OffsetDateTime,
) -> bool {
    connect(storage).await.sessions().end(session.user_id, session.id, reason, now).await.unwrap()
}

async fn state(storage: &dyn Storage, session: &Session) -> SessionState {
    fixtures::session_context(storage, session).await.session.state
}

/// Checks that the reason and the time of an earlier end stay.
pub async fn reason_of_the_first_end_stays(storage: &dyn Storage) {
    let reasons = [
        SessionEndReason::LoggedOut,
        SessionEndReason::TokenReused,
        SessionEndReason::PasswordChanged,
        SessionEndReason::PasswordReset,
        SessionEndReason::Revoked,
        SessionEndReason::Renewed,
        SessionEndReason::TooManyFailures,
        SessionEndReason::TooManySessions,
    ];
    let ann = fixtures::user(storage, samples::user("ann")).await;
    for reason in reasons {
        let session = fixtures::session(storage, samples::session(&ann)).await;
        assert!(end(storage, &session, reason, after(1)).await);
        for later in reasons {
            assert!(!end(storage, &session, later, after(2)).await);
        }
        assert_eq!(state(storage, &session).await, SessionState::Ended { at: after(1), reason });
    }
}

/// Checks that the result for an unknown session is `false`.
pub async fn unknown_session_is_not_ended(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let session = fixtures::session(storage, samples::session(&ann)).await;
    assert!(!end(storage, &samples::session(&ann), SessionEndReason::LoggedOut, NOW).await);
    assert_eq!(state(storage, &session).await, SessionState::Live);
}

/// Checks that a user can't end the session of another user.
pub async fn session_of_another_user_is_not_ended(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let session = fixtures::session(storage, samples::session(&ann)).await;
    let foreign = Session { user_id: bob.id, ..session.clone() };
    assert!(!end(storage, &foreign, SessionEndReason::Revoked, NOW).await);
    assert_eq!(state(storage, &session).await, SessionState::Live);
}

/// Checks that of many concurrent callers exactly one ends the session.
pub async fn concurrent_ends_succeed_once(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let session = fixtures::session(storage, samples::session(&ann)).await;
    let answers =
        at_once(16, async |_| end(storage, &session, SessionEndReason::LoggedOut, NOW).await);
    assert_eq!(count_true(answers), 1);
}

/// Checks that a session leaves its organization when it ends, in every way.
pub async fn ended_session_leaves_its_organization(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let org = fixtures::org(storage, samples::org("Acme")).await;
    for way in ["all", "excess", "revoked", "device", "one"] {
        let session = Session { org_id: Some(org.id), ..samples::session(&ann) };
        let session = fixtures::session(storage, session).await;
        let mut work = storage.begin().await.unwrap();
        let revoked = SessionEndReason::Revoked;
        let ended = match way {
            "all" => work.sessions().end_all(ann.id, None, revoked, NOW).await.unwrap(),
            "excess" => work.sessions().end_excess(ann.id, 0, NOW).await.unwrap(),
            "revoked" => work.sessions().revoke_some(9, NOW).await.unwrap(),
            "device" => {
                let device = TokenRef { id: session.id.as_uuid(), counter: 1 };
                let mut ended = false;
                for _ in 0..LoginCandidate::DEVICE_FAILURES_CAP {
                    ended = work.users().count_device_failure(ann.id, device, NOW).await.unwrap();
                }
                usize::from(ended)
            }
            _ => usize::from(work.sessions().end(ann.id, session.id, revoked, NOW).await.unwrap()),
        };
        work.commit().await.unwrap();
        assert_eq!(ended, 1, "{way}");
        let ended = fixtures::session_context(storage, &session).await.session;
        assert!(ended.state != SessionState::Live && ended.org_id.is_none(), "{way} {ended:?}");
    }
}

/// Checks that sessions beyond the limit end: first those that were signed out of, then the least recently used ones.
pub async fn excess_sessions_end_in_the_order_of_their_use(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let used =
        |user: &User, minute| Session { rotated_at: after(minute), ..samples::session(user) };
    let mut sessions = Vec::new();
    for minute in [5, 1, 4, 2, 3] {
        sessions.push(fixtures::session(storage, used(&ann, minute)).await);
    }
    let expired = Session { idle_expires_at: after(8), ..used(&ann, 7) };
    fixtures::session(storage, expired).await;
    let foreign = fixtures::session(storage, used(&bob, 0)).await;
    let revoked = fixtures::session(storage, used(&ann, 9)).await;
    end(storage, &revoked, SessionEndReason::Revoked, after(10)).await;
    end(storage, &sessions[0], SessionEndReason::LoggedOut, after(11)).await;
    let end_excess = async |keep| {
        let mut repositories = connect(storage).await;
        repositories.sessions().end_excess(ann.id, keep, after(12)).await.unwrap()
    };
    let reason = SessionEndReason::TooManySessions;
    let excess = SessionState::Ended { at: after(12), reason };
    for (keep, count, ended) in
        [(6, 0, vec![]), (5, 1, vec![]), (4, 1, vec![0]), (2, 2, vec![0, 1, 3])]
    {
        assert_eq!(end_excess(keep).await, count, "{keep}");
        for (index, session) in sessions.iter().enumerate() {
            let expected = match (ended.contains(&index), index) {
                // It keeps the time of the sign-out.
                (true, 0) => SessionState::Ended { at: after(11), reason },
                (true, _) => excess,
                (false, 0) => {
                    SessionState::Ended { at: after(11), reason: SessionEndReason::LoggedOut }
                }
                (false, _) => SessionState::Live,
            };
            assert_eq!(state(storage, session).await, expected, "{keep} {index}");
        }
    }
    assert_eq!(state(storage, &foreign).await, SessionState::Live);
    let reason = SessionEndReason::Revoked;
    assert_eq!(state(storage, &revoked).await, SessionState::Ended { at: after(10), reason });
}

/// Checks that only the other sessions of this user end. Sessions that were signed out of keep their time and
/// get the new reason.
pub async fn revoking_other_sessions_keeps_only_the_current_one(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let mut sessions = Vec::new();
    for user in [&ann, &ann, &ann, &ann, &bob] {
        sessions.push(fixtures::session(storage, samples::session(user)).await);
    }
    let [one, two, kept, earlier, foreign] = sessions.try_into().unwrap();
    end(storage, &earlier, SessionEndReason::LoggedOut, after(1)).await;

    let reason = SessionEndReason::PasswordChanged;
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
    assert_eq!(state(storage, &earlier).await, before, "it is no longer evidence for its client");
}

/// Checks that all sessions of a user end if none is excepted.
pub async fn all_sessions_are_ended(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    for _ in 0..3 {
        fixtures::session(storage, samples::session(&ann)).await;
    }
    for count in [3, 0] {
        let mut repositories = connect(storage).await;
        let reason = SessionEndReason::PasswordReset;
        let ended = repositories.sessions().end_all(ann.id, None, reason, NOW).await.unwrap();
        assert_eq!(ended, count);
    }
}

/// Checks that sessions of any users are revoked, up to the limit per call, until none are left, and that
/// other reasons stay.
pub async fn sessions_of_all_users_are_revoked_in_batches(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let mut sessions = Vec::new();
    for user in [&ann, &ann, &bob, &bob, &bob] {
        sessions.push(fixtures::session(storage, samples::session(user)).await);
    }
    end(storage, &sessions[3], SessionEndReason::LoggedOut, after(1)).await;
    end(storage, &sessions[4], SessionEndReason::PasswordChanged, after(1)).await;
    let mut counts = Vec::new();
    for _ in 0..4 {
        let mut repositories = connect(storage).await;
        counts.push(repositories.sessions().revoke_some(3, after(2)).await.unwrap());
    }
    assert_eq!(counts, [3, 1, 0, 0]);
    let revoked = |at| SessionState::Ended { at, reason: SessionEndReason::Revoked };
    for session in &sessions[..3] {
        assert_eq!(state(storage, session).await, revoked(after(2)));
    }
    assert_eq!(state(storage, &sessions[3]).await, revoked(after(1)));
    let changed = SessionState::Ended { at: after(1), reason: SessionEndReason::PasswordChanged };
    assert_eq!(state(storage, &sessions[4]).await, changed);
}

/// Checks that sessions are deleted that could no longer be continued at the given time, for any reason.
pub async fn expired_and_ended_sessions_are_deleted(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let session = |idle: i64, absolute: i64| Session {
        idle_expires_at: NOW + Duration::days(idle),
        expires_at: NOW + Duration::days(absolute),
        ..samples::session(&ann)
    };
    let live = fixtures::session(storage, session(30, 90)).await;
    let idle = fixtures::session(storage, session(2, 90)).await;
    let old = fixtures::session(storage, session(90, 2)).await;
    let ended = fixtures::session(storage, session(30, 90)).await;
    let ended_lately = fixtures::session(storage, session(30, 90)).await;
    end(storage, &ended, SessionEndReason::LoggedOut, NOW + Duration::days(2)).await;
    end(storage, &ended_lately, SessionEndReason::LoggedOut, NOW + Duration::days(4)).await;

    let before = NOW + Duration::days(3);
    for count in [2, 1, 0] {
        let deleted = connect(storage).await.sessions().delete_ended(before, 2).await.unwrap();
        assert_eq!(deleted, count);
    }
    for (session, kept) in
        [(live, true), (idle, false), (old, false), (ended, false), (ended_lately, true)]
    {
        let session_context =
            connect(storage).await.sessions().find_with_user(session.id, None).await.unwrap();
        assert_eq!(session_context.is_some(), kept);
    }
}

/// Checks that only this session ends at the given time, unless it ends earlier, and that an ended session
/// stays unchanged.
pub async fn session_ends_no_later_than_the_given_time(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let session = fixtures::session(storage, samples::session(&ann)).await;
    let other = fixtures::session(storage, samples::session(&ann)).await;
    for at in [after(60), after(120)] {
        assert!(connect(storage).await.sessions().end_by(session.id, at).await.unwrap());
        let stored = fixtures::session_context(storage, &session).await.session;
        assert_eq!(stored, Session { expires_at: after(60), ..session.clone() });
    }
    assert_eq!(fixtures::session_context(storage, &other).await.session, other);

    let mut repositories = connect(storage).await;
    let sessions = repositories.sessions();
    assert!(sessions.end(ann.id, session.id, SessionEndReason::Revoked, NOW).await.unwrap());
    assert!(!sessions.end_by(session.id, after(30)).await.unwrap());
    drop(repositories);
    assert_eq!(fixtures::session_context(storage, &session).await.session.expires_at, after(60));
    let nobodys = samples::session(&ann);
    assert!(!connect(storage).await.sessions().end_by(nobodys.id, after(30)).await.unwrap());
}

/// Checks that a session lasts no longer than the session of the same user that it inherits from.
pub async fn session_lasts_no_longer_than_the_one_it_inherits_from(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let given =
        |user: &User, minutes| Session { expires_at: after(minutes), ..samples::session(user) };
    for (first, second, expected) in [(60, 120, 60), (120, 60, 60)] {
        let first = fixtures::session(storage, given(&ann, first)).await;
        let second = fixtures::session(storage, given(&ann, second)).await;
        connect(storage).await.sessions().inherit(second.id, first.id).await.unwrap();
        assert_eq!(
            fixtures::session_context(storage, &second).await.session.expires_at,
            after(expected)
        );
        let stored = fixtures::session_context(storage, &first).await.session;
        assert_eq!(stored, first);
    }
    let of_ann = fixtures::session(storage, given(&ann, 60)).await;
    let of_bob = fixtures::session(storage, given(&bob, 120)).await;
    for from in [of_ann.id, samples::session(&bob).id] {
        connect(storage).await.sessions().inherit(of_bob.id, from).await.unwrap();
        assert_eq!(fixtures::session_context(storage, &of_bob).await.session, of_bob);
    }
}
