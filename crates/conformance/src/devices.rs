//! `UserRepository`: devices that an account knows, and for how many wrong passwords.

use doorward_domain::{
    UserId,
    password::NewHash,
    ports::Storage,
    session::{Session, SessionEnd, SessionState},
    token::TokenRef,
    user::{ClientEvidence, Credentials, LoginName, User},
};

use crate::{
    concurrency::{at_once, count_yes},
    given::{self, connect},
    sample::{self, NOW, after},
};

const CAP: u32 = Credentials::DEVICE_FAILURES_CAP;

/// What the device token of a session says.
fn device(session: &Session) -> TokenRef {
    TokenRef { row: session.id.as_uuid(), counter: 1 }
}

async fn knows(storage: &dyn Storage, user: &User, device: Option<TokenRef>) -> bool {
    let name = LoginName::Username(user.username.clone());
    let client = ClientEvidence { device, ..sample::evidence() };
    let mut repositories = connect(storage).await;
    repositories.users().credentials(&name, &client).await.unwrap().unwrap().knows_device
}

async fn count(storage: &dyn Storage, id: UserId, device: TokenRef) -> bool {
    let mut repositories = connect(storage).await;
    repositories.users().count_device_failure(id, device, after(9)).await.unwrap()
}

/// Counts wrong passwords, of which none is the last one.
async fn count_many(storage: &dyn Storage, id: UserId, device: TokenRef, times: u32) {
    for number in 0..times {
        assert!(!count(storage, id, device).await, "{number}");
    }
}

/// `UserRepository::credentials`: a device is known by a session of this account that was not ended for
/// suspicion or for a new password.
pub async fn credentials_know_the_devices_of_earlier_sign_ins(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let of_bob = sample::session(&bob);
    given::session(storage, of_bob.clone()).await;
    assert!(!knows(storage, &ann, None).await);
    assert!(!knows(storage, &ann, Some(TokenRef { row: sample::id(), counter: 1 })).await);
    assert!(!knows(storage, &ann, Some(device(&of_bob))).await);
    for (end, known) in [
        (None, true),
        (Some(SessionEnd::LoggedOut), true),
        (Some(SessionEnd::TokenReused), false),
        (Some(SessionEnd::Revoked), false),
        (Some(SessionEnd::PasswordChanged), false),
        (Some(SessionEnd::PasswordReset), false),
        (Some(SessionEnd::Renewed), false),
        (Some(SessionEnd::TooManyFailures), false),
    ] {
        let session = sample::session(&ann);
        given::session(storage, session.clone()).await;
        if let Some(end) = end {
            let mut repositories = connect(storage).await;
            assert!(repositories.sessions().end(ann.id, session.id, end, NOW).await.unwrap());
        }
        assert_eq!(knows(storage, &ann, Some(device(&session))).await, known, "{end:?}");
    }
}

/// `UserRepository::count_device_failure`: a session ends with the last wrong password, and the device is known no longer;
/// what was signed out of keeps its time, and is known no longer either.
pub async fn session_from_which_too_many_wrong_passwords_come_ends(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let other = given::session(storage, sample::session(&ann)).await;
    for signed_out in [false, true] {
        let session = given::session(storage, sample::session(&ann)).await;
        if signed_out {
            let mut repositories = connect(storage).await;
            let sessions = repositories.sessions();
            assert!(
                sessions.end(ann.id, session.id, SessionEnd::LoggedOut, after(3)).await.unwrap()
            );
        }
        count_many(storage, ann.id, device(&session), CAP - 1).await;
        assert!(knows(storage, &ann, Some(device(&session))).await);
        assert!(count(storage, ann.id, device(&session)).await);
        assert!(!knows(storage, &ann, Some(device(&session))).await);
        let at = if signed_out { after(3) } else { after(9) };
        let ended = SessionState::Ended { at, reason: SessionEnd::TooManyFailures };
        assert_eq!(given::standing(storage, &session).await.session.state, ended);
        count_many(storage, ann.id, device(&session), 2).await;
    }
    assert_eq!(given::standing(storage, &other).await.session.state, SessionState::Live);
}

/// `SessionRepository::inherit`: a session that follows another begins with the wrong passwords that came from it.
pub async fn wrong_passwords_are_inherited_with_the_session(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let first = given::session(storage, sample::session(&ann)).await;
    count_many(storage, ann.id, device(&first), CAP - 1).await;
    let second = given::session(storage, sample::session(&ann)).await;
    connect(storage).await.sessions().inherit(second.id, first.id).await.unwrap();
    assert!(count(storage, ann.id, device(&second)).await);
    let ended = SessionState::Ended { at: after(9), reason: SessionEnd::TooManyFailures };
    assert_eq!(given::standing(storage, &second).await.session.state, ended);
    assert_eq!(given::standing(storage, &first).await.session.state, SessionState::Live);
}

/// `UserRepository::count_device_failure`: the device that a password was reset on is known no longer, and the one of the
/// next password is.
pub async fn device_of_a_reset_from_which_too_many_wrong_passwords_come_is_forgotten(
    storage: &dyn Storage,
) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    for _ in 0..2 {
        let new: NewHash = sample::new_hash(sample::hash("new"), NOW);
        let version = connect(storage).await.users().set_password(ann.id, &new).await.unwrap();
        let device = TokenRef { row: ann.id.as_uuid(), counter: version.unwrap() };
        let former = TokenRef { counter: device.counter - 1, ..device };
        count_many(storage, ann.id, former, CAP + 1).await;
        count_many(storage, ann.id, device, CAP - 1).await;
        assert!(knows(storage, &ann, Some(device)).await);
        assert!(count(storage, ann.id, device).await);
        assert!(!knows(storage, &ann, Some(device)).await);
        count_many(storage, ann.id, device, 2).await;
    }
}

/// `UserRepository::count_device_failure`: what the account does not know counts nothing.
pub async fn wrong_passwords_from_unknown_devices_count_nothing(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let bob = given::user_with_password(storage, sample::user("bob")).await;
    let of_bob = given::session(storage, sample::session(&bob)).await;
    count_many(storage, ann.id, device(&of_bob), CAP + 1).await;
    count_many(storage, ann.id, TokenRef { row: sample::id(), counter: 1 }, 1).await;
    count_many(storage, ann.id, TokenRef { row: bob.id.as_uuid(), counter: 1 }, 1).await;
    count_many(storage, sample::user("nobody").id, device(&of_bob), 1).await;
    assert!(knows(storage, &bob, Some(device(&of_bob))).await);

    let revoked = given::session(storage, sample::session(&ann)).await;
    let mut repositories = connect(storage).await;
    let sessions = repositories.sessions();
    assert!(sessions.end(ann.id, revoked.id, SessionEnd::Revoked, after(3)).await.unwrap());
    drop(repositories);
    count_many(storage, ann.id, device(&revoked), CAP + 1).await;
    let ended = SessionState::Ended { at: after(3), reason: SessionEnd::Revoked };
    assert_eq!(given::standing(storage, &revoked).await.session.state, ended);
}

/// `UserRepository::count_device_failure`: of many at the same moment, one is the last.
pub async fn of_many_wrong_passwords_from_a_device_one_is_the_last(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let session = given::session(storage, sample::session(&ann)).await;
    count_many(storage, ann.id, device(&session), CAP - 4).await;
    let answers = at_once(8, async |_| count(storage, ann.id, device(&session)).await);
    assert_eq!(count_yes(answers), 1);
}
