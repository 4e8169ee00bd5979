//! Clauses of `UserRepository` about the devices that an account knows, and how many incorrect passwords they may
//! send.

use doorward_domain::{
    UserId,
    account::user::{ClientEvidence, LoginCandidate, LoginIdentifier, User},
    credential::password::NewHash,
    ports::Storage,
    session::{Session, SessionEndReason, SessionState},
    token::TokenRef,
};

use crate::{
    concurrency::{at_once, count_true},
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

const CAP: u32 = LoginCandidate::DEVICE_FAILURES_CAP;

/// Returns the content of the device token of a session.
fn device(session: &Session) -> TokenRef {
    TokenRef { id: session.id.as_uuid(), counter: 1 }
}

async fn knows(storage: &dyn Storage, user: &User, device: Option<TokenRef>) -> bool {
    let name = LoginIdentifier::Username(user.username.clone());
    let client = ClientEvidence { device, ..samples::evidence() };
    let mut repositories = connect(storage).await;
    repositories.users().login_candidate(&name, &client).await.unwrap().unwrap().is_known_device
}

async fn count(storage: &dyn Storage, id: UserId, device: TokenRef) -> bool {
    let mut repositories = connect(storage).await;
    repositories.users().count_device_failure(id, device, after(9)).await.unwrap()
}

/// Counts incorrect passwords, none of which reaches the cap.
async fn count_many(storage: &dyn Storage, id: UserId, device: TokenRef, times: u32) {
    for number in 0..times {
        assert!(!count(storage, id, device).await, "{number}");
    }
}

/// Checks that a device is known if a session of this account was opened on it, unless that session was ended
/// on suspicion or because of a new password.
pub async fn devices_of_earlier_sign_ins_are_known(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let of_bob = samples::session(&bob);
    fixtures::session(storage, of_bob.clone()).await;
    assert!(!knows(storage, &ann, None).await);
    assert!(!knows(storage, &ann, Some(TokenRef { id: samples::id(), counter: 1 })).await);
    assert!(!knows(storage, &ann, Some(device(&of_bob))).await);
    for (end, known) in [
        (None, true),
        (Some(SessionEndReason::LoggedOut), true),
        (Some(SessionEndReason::TokenReused), false),
        (Some(SessionEndReason::Revoked), false),
        (Some(SessionEndReason::PasswordChanged), false),
        (Some(SessionEndReason::PasswordReset), false),
        (Some(SessionEndReason::Renewed), false),
        (Some(SessionEndReason::TooManyFailures), false),
        (Some(SessionEndReason::TooManySessions), false),
    ] {
        let session = samples::session(&ann);
        fixtures::session(storage, session.clone()).await;
        if let Some(end) = end {
            let mut repositories = connect(storage).await;
            assert!(repositories.sessions().end(ann.id, session.id, end, NOW).await.unwrap());
        }
        assert_eq!(knows(storage, &ann, Some(device(&session))).await, known, "{end:?}");
    }
}

/// Checks that a session ends and its device is no longer known once the cap is reached. A session that was
/// signed out of earlier keeps the time of its end, and its device is no longer known either.
pub async fn session_ends_after_too_many_wrong_passwords(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let other = fixtures::session(storage, samples::session(&ann)).await;
    for signed_out in [false, true] {
        let session = fixtures::session(storage, samples::session(&ann)).await;
        if signed_out {
            let mut repositories = connect(storage).await;
            let sessions = repositories.sessions();
            assert!(
                sessions
                    .end(ann.id, session.id, SessionEndReason::LoggedOut, after(3))
                    .await
                    .unwrap()
            );
        }
        count_many(storage, ann.id, device(&session), CAP - 1).await;
        assert!(knows(storage, &ann, Some(device(&session))).await);
        assert!(count(storage, ann.id, device(&session)).await);
        assert!(!knows(storage, &ann, Some(device(&session))).await);
        let at = if signed_out { after(3) } else { after(9) };
        let ended = SessionState::Ended { at, reason: SessionEndReason::TooManyFailures };
        assert_eq!(fixtures::session_context(storage, &session).await.session.state, ended);
        count_many(storage, ann.id, device(&session), 2).await;
    }
    assert_eq!(fixtures::session_context(storage, &other).await.session.state, SessionState::Live);
}

/// Checks that a session that replaces another one inherits the number of incorrect passwords that came from it.
pub async fn wrong_password_count_is_inherited_by_the_next_session(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let first = fixtures::session(storage, samples::session(&ann)).await;
    count_many(storage, ann.id, device(&first), CAP - 1).await;
    let second = fixtures::session(storage, samples::session(&ann)).await;
    connect(storage).await.sessions().inherit(second.id, first.id).await.unwrap();
    assert!(count(storage, ann.id, device(&second)).await);
    let ended = SessionState::Ended { at: after(9), reason: SessionEndReason::TooManyFailures };
    assert_eq!(fixtures::session_context(storage, &second).await.session.state, ended);
    assert_eq!(fixtures::session_context(storage, &first).await.session.state, SessionState::Live);
}

/// Checks that the device on which a password was reset is no longer known, and that the device of the next
/// reset is.
pub async fn reset_device_is_forgotten_after_too_many_wrong_passwords(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    for _ in 0..2 {
        let new: NewHash = samples::new_hash(samples::hash("new"), NOW);
        let version = connect(storage).await.users().set_password(ann.id, &new).await.unwrap();
        let device = TokenRef { id: ann.id.as_uuid(), counter: version.unwrap() };
        let former = TokenRef { counter: device.counter - 1, ..device };
        count_many(storage, ann.id, former, CAP + 1).await;
        count_many(storage, ann.id, device, CAP - 1).await;
        assert!(knows(storage, &ann, Some(device)).await);
        assert!(count(storage, ann.id, device).await);
        assert!(!knows(storage, &ann, Some(device)).await);
        count_many(storage, ann.id, device, 2).await;
    }
}

/// Checks that nothing is counted for a device that the account doesn't know.
pub async fn wrong_passwords_from_unknown_devices_are_not_counted(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let bob = fixtures::user_with_password(storage, samples::user("bob")).await;
    let of_bob = fixtures::session(storage, samples::session(&bob)).await;
    count_many(storage, ann.id, device(&of_bob), CAP + 1).await;
    count_many(storage, ann.id, TokenRef { id: samples::id(), counter: 1 }, 1).await;
    count_many(storage, ann.id, TokenRef { id: bob.id.as_uuid(), counter: 1 }, 1).await;
    count_many(storage, samples::user("unknown").id, device(&of_bob), 1).await;
    assert!(knows(storage, &bob, Some(device(&of_bob))).await);

    let revoked = fixtures::session(storage, samples::session(&ann)).await;
    let mut repositories = connect(storage).await;
    let sessions = repositories.sessions();
    assert!(sessions.end(ann.id, revoked.id, SessionEndReason::Revoked, after(3)).await.unwrap());
    drop(repositories);
    count_many(storage, ann.id, device(&revoked), CAP + 1).await;
    let ended = SessionState::Ended { at: after(3), reason: SessionEndReason::Revoked };
    assert_eq!(fixtures::session_context(storage, &revoked).await.session.state, ended);
}

/// Checks that of many concurrent incorrect passwords exactly one reaches the cap.
pub async fn concurrent_wrong_passwords_reach_the_cap_once(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let session = fixtures::session(storage, samples::session(&ann)).await;
    count_many(storage, ann.id, device(&session), CAP - 4).await;
    let answers = at_once(8, async |_| count(storage, ann.id, device(&session)).await);
    assert_eq!(count_true(answers), 1);
}
