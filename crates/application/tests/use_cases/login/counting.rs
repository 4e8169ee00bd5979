//! How wrong passwords are counted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use doorward_application::{
    Failure,
    login::{LoginCommand, LoginError},
};
use doorward_domain::{
    client::Client,
    mock::{MockPasswordHasher, MockRateLimiter, MockStorage},
    ports::{Bucket, Clock, HashError, Limit, Priority, RetryAfter, Timer, Verification},
    token::{TokenPurpose, TokenRef},
    user::{ClientEvidence, Credentials, LoginName},
};
use mockall::{
    Sequence,
    predicate::{always, eq},
};
use time::OffsetDateTime;
use tokio::sync::Notify;

use super::{
    command, credentials, finding, finding_from, generous, login, opening, opening_or_not,
    refusing, suspicious::opening_and_telling, then_finding, world,
};
use crate::support::{
    NOW, World, ann_id, assert_fails, client, comparing, disabled, emptied, expect_device_failure,
    idle, opaque_token, session_id,
};

/// What a device token of Ann's session says.
fn device() -> TokenRef {
    TokenRef { row: session_id().as_uuid(), counter: 1 }
}

/// The budgets of a subject that a client without a known device shares with others, beside the one of its network.
fn budgets(subject: &str, shared: &str) -> Vec<Vec<Bucket>> {
    vec![
        vec![Bucket::new(Limit::LoginReserve, format!("{subject}@192.0.2.1"))],
        vec![Bucket::new(Limit::LoginFailures, shared)],
    ]
}

/// What an attempt on Ann's account under her user name is counted in.
fn by_name_and_account() -> Vec<Vec<Vec<Bucket>>> {
    let account = format!("user:{}", ann_id());
    vec![budgets("name:ann.lee", "name:ann.lee"), budgets(&account, &account)]
}

/// Tokens are taken from these budgets, in this order, then the password is compared, and then, if it is said, they are
/// given back.
fn counting(
    storage: &MockStorage,
    calls: Vec<Vec<Vec<Bucket>>>,
    verification: Result<Verification, HashError>,
    given_back: bool,
) -> World {
    let mut order = Sequence::new();
    let mut limiter = MockRateLimiter::new();
    let mut hasher = idle();
    let all = calls.concat().concat();
    for groups in calls {
        limiter
            .expect_take_any()
            .with(eq(groups))
            .once()
            .in_sequence(&mut order)
            .returning(|groups| Ok(groups.concat()));
    }
    hasher.expect_verify().once().in_sequence(&mut order).return_once(|_, _, _| verification);
    if given_back {
        limiter
            .expect_give_back_all()
            .with(eq(all))
            .once()
            .in_sequence(&mut order)
            .return_const(());
    }
    World { limiter, hasher, ..World::new(storage) }
}

/// A wrong password is counted in these budgets.
async fn assert_counted_in(calls: Vec<Vec<Vec<Bucket>>>, found: Option<Credentials>, name: &str) {
    let user_id = found.as_ref().map(|found| found.user.id);
    let storage = match LoginName::parse(name) {
        Ok(_) => finding(name, found),
        Err(_) => MockStorage::default(),
    };
    let storage = refusing(storage, user_id);
    let world = counting(&storage, calls, Ok(Verification::Wrong), false);
    assert_fails!(login(world, name).await, LoginError::Rejected);
}

#[tokio::test]
async fn the_right_password_is_not_counted() {
    let storage = opening(finding("ann.lee", Some(credentials())));
    let world = counting(&storage, by_name_and_account(), Ok(Verification::Right), true);
    assert!(login(world, "ann.lee").await.is_ok());
}

#[tokio::test]
async fn a_password_that_was_not_compared_is_not_counted() {
    let storage = finding("ann.lee", Some(credentials()));
    let world = counting(&storage, by_name_and_account(), Err(HashError::Busy), true);
    assert_fails!(login(world, "ann.lee").await, LoginError::Failure(Failure::Busy));
}

#[tokio::test]
async fn an_account_has_one_budget_under_all_its_names() {
    let account = format!("user:{}", ann_id());
    for (name, key) in [
        ("ann.lee", "name:ann.lee"),
        ("ANN.LEE", "name:ann.lee"),
        ("ann@example.com", "name:ann@example.com"),
        ("Ann@Example.com", "name:ann@example.com"),
    ] {
        let calls = vec![budgets(key, key), budgets(&account, &account)];
        assert_counted_in(calls, Some(credentials()), name).await;
    }
}

#[tokio::test]
async fn attempt_is_answered_as_wrong_where_only_the_other_names_attempts_spent_the_budget() {
    for verification in [Verification::Right, Verification::Wrong] {
        let storage = refusing(finding("ann.lee", Some(credentials())), Some(ann_id()));
        let mut limiter = MockRateLimiter::new();
        let is_of_account = |groups: &Vec<Vec<Bucket>>| groups.concat()[0].key.starts_with("user:");
        limiter
            .expect_take_any()
            .withf(is_of_account)
            .returning(|_| Err(RetryAfter(Duration::from_secs(6))));
        limiter.expect_take_any().returning(|groups| Ok(groups.concat()));
        let mut hasher = idle();
        hasher.expect_verify().once().return_once(move |_, _, _| Ok(verification));
        let world = World { limiter, hasher, ..World::new(&storage) };
        assert_fails!(login(world, "ann.lee").await, LoginError::Rejected);
    }
}

#[tokio::test]
async fn a_known_network_has_a_bucket_that_strangers_cannot_empty() {
    let found = Credentials { knows_network: true, ..credentials() };
    let account = format!("user:{}", ann_id());
    let known = |subject: &str| budgets(subject, &format!("{subject}@192.0.2.1"));
    let calls = vec![known("name:ann.lee"), known(&account)];
    assert_counted_in(calls, Some(found), "ann.lee").await;
}

/// A wrong password counts for the device as well, which may be forgotten for it: a stolen token is no way around the cap.
#[tokio::test]
async fn a_known_device_has_a_bucket_that_nobody_else_can_empty() {
    for is_forgotten in [false, true] {
        let found = Credentials { knows_device: true, knows_network: true, ..credentials() };
        let bucket = format!("user:{}#{}", ann_id(), session_id());
        let storage = finding_from(Some(device()), "ann.lee", Some(found));
        let storage = refusing(storage, Some(ann_id()))
            .on_begin(|db| expect_device_failure(db, is_forgotten));
        let calls = vec![vec![vec![Bucket::new(Limit::LoginFailures, bucket)]]];
        let world = counting(&storage, calls, Ok(Verification::Wrong), false);
        let token = Some(opaque_token(TokenPurpose::Device, device()));
        let command = LoginCommand { device_token: token, ..command("ann.lee") };
        assert_fails!(world.application().login.run(command).await, LoginError::Rejected);
    }
}

#[tokio::test]
async fn a_device_token_that_is_none_is_as_good_as_none() {
    for token in ["", "dwd_nonsense", &opaque_token(TokenPurpose::Refresh, device())] {
        let storage = opening(finding("ann.lee", Some(credentials())));
        let world = counting(&storage, by_name_and_account(), Ok(Verification::Right), true);
        let command = LoginCommand { device_token: Some(token.to_owned()), ..command("ann.lee") };
        assert!(world.application().login.run(command).await.is_ok(), "{token}");
    }
}

#[tokio::test]
async fn address_of_an_untrusted_proxy_is_not_looked_up_as_a_network() {
    let client = Client { is_forwarded: true, ..client() };
    let storage = MockStorage::default().on_connect(|db| {
        db.users
            .expect_credentials()
            .with(always(), eq(ClientEvidence { network: None, device: None, now: NOW }))
            .once()
            .return_once(|_, _| Ok(None));
    });
    let storage = storage.on_connect(|db| {
        db.audit.expect_record().once().returning(|_| Ok(()));
    });
    let hasher = comparing("correct horse battery", None, Ok(Verification::Wrong));
    let world = World { hasher, limiter: generous(), ..World::new(&storage) };
    let command = LoginCommand { client, ..command("ann.lee") };
    assert_fails!(world.application().login.run(command).await, LoginError::Rejected);
}

/// In nothing does it differ from a wrong one: it is counted as one, too.
#[tokio::test]
async fn after_a_hundred_wrong_passwords_the_right_one_opens_nothing_to_strangers() {
    let recent_failures = Credentials::FAILURES_CAP;
    let found = Credentials { recent_failures, ..credentials() };
    for found in [found.clone(), Credentials { user: disabled(), ..found }] {
        let storage = refusing(finding("ann.lee", Some(found)), Some(ann_id()));
        let world =
            counting(&storage, by_name_and_account(), Ok(Verification::RightButStale), false);
        assert_fails!(login(world, "ann.lee").await, LoginError::Rejected);
    }
}

#[tokio::test]
async fn after_a_hundred_wrong_passwords_a_known_network_is_no_exemption() {
    let found = Credentials { recent_failures: 100, knows_network: true, ..credentials() };
    let storage = refusing(finding("ann.lee", Some(found)), Some(ann_id()));
    let outcome = login(world(&storage, Verification::Right), "ann.lee").await;
    assert_fails!(outcome, LoginError::Rejected);
}

#[tokio::test]
async fn it_still_opens_to_known_devices_and_before_the_hundredth() {
    let almost = Credentials::FAILURES_CAP - 1;
    let known = Credentials { recent_failures: 100, knows_device: true, ..credentials() };
    let stranger = Credentials { recent_failures: almost, ..credentials() };
    for storage in [
        opening(finding("ann.lee", Some(known))),
        opening_and_telling(finding("ann.lee", Some(stranger))).0,
    ] {
        assert!(login(world(&storage, Verification::Right), "ann.lee").await.is_ok());
    }
}

/// A clock whose timers end when they are told to.
#[derive(Default)]
struct Held(Arc<Notify>);

impl Clock for Held {
    fn now(&self) -> OffsetDateTime {
        NOW
    }

    fn timer(&self, _: Duration) -> Timer {
        let released = self.0.clone();
        Box::pin(async move { released.notified().await })
    }
}

#[tokio::test]
async fn the_hash_waits_until_looking_up_takes_as_long_as_it_always_does() {
    for found in [Some(credentials()), None] {
        let user_id = found.as_ref().map(|found| found.user.id);
        let storage = refusing(finding("ann.lee", found), user_id);
        let clock = Held::default();
        let released = clock.0.clone();
        let mut hasher = idle();
        let hashing = Arc::new(AtomicBool::new(false));
        let begun = hashing.clone();
        hasher.expect_verify().once().returning(move |_, _, _| {
            begun.store(true, Ordering::SeqCst);
            Ok(Verification::Wrong)
        });
        let world =
            World { clock: Arc::new(clock), hasher, limiter: generous(), ..World::new(&storage) };
        let mut signing_in = Box::pin(login(world, "ann.lee"));
        assert!(futures::poll!(&mut signing_in).is_pending());
        assert!(!hashing.load(Ordering::SeqCst));
        released.notify_one();
        assert_fails!(signing_in.await, LoginError::Rejected);
        assert!(hashing.load(Ordering::SeqCst));
    }
}

#[tokio::test]
async fn an_account_without_a_password_is_counted_as_any_other() {
    let found = Credentials { password: None, ..credentials() };
    assert_counted_in(by_name_and_account(), Some(found), "ann.lee").await;
}

#[tokio::test]
async fn an_unknown_name_is_counted_without_regard_to_case() {
    for name in ["Nobody", "NOBODY"] {
        let calls =
            vec![budgets("name:nobody", "name:nobody"), budgets("none:nobody", "none:nobody")];
        assert_counted_in(calls, None, name).await;
    }
}

#[tokio::test]
async fn names_that_nobody_can_have_are_counted_together() {
    for name in ["", "ann lee", "\0"] {
        let at = "nobody@192.0.2.1";
        let of = |prefix: &str| budgets(&format!("{prefix}:{at}"), &format!("{prefix}:{at}"));
        assert_counted_in(vec![of("name"), of("none")], None, name).await;
    }
}

/// Not even a hash is computed.
#[tokio::test]
async fn too_many_failures_are_told_before_the_password_is_looked_at() {
    let wait = RetryAfter(Duration::from_secs(6));
    for found in [Some(credentials()), None] {
        let limiter = emptied(wait);
        let storage = finding("ann.lee", found);
        let outcome = login(World { limiter, ..World::new(&storage) }, "ann.lee").await;
        let Err(LoginError::TooManyFailures(told)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(told, wait);
    }
}

/// Attempts at the same moment are all let in before the first one is counted.
#[tokio::test]
async fn cap_is_judged_again_when_the_session_opens_but_for_known_devices() {
    for (knows_device, cap) in [(true, None), (false, Some(Credentials::FAILURES_CAP))] {
        let found = Credentials { knows_device, ..credentials() };
        let storage = finding_from(Some(device()), "ann.lee", Some(found)).on_begin(move |db| {
            db.sessions
                .expect_open_by_password()
                .withf(move |_, verified| verified.failures_cap == cap)
                .once()
                .returning(|_, _| Ok(false));
        });
        let world = world(&refusing(storage, Some(ann_id())), Verification::Right);
        let token = Some(opaque_token(TokenPurpose::Device, device()));
        let command = LoginCommand { device_token: token, ..command("ann.lee") };
        assert_fails!(world.application().login.run(command).await, LoginError::Rejected);
    }
}

/// Neither a session nor "this account is disabled" tells it.
#[tokio::test]
async fn cap_is_judged_again_before_a_disabled_account_is_named() {
    let found = Credentials { user: disabled(), ..credentials() };
    let capped = Credentials { recent_failures: Credentials::FAILURES_CAP, ..found.clone() };
    for again in [Some(capped), None] {
        let storage = finding("ann.lee", Some(found.clone()));
        let storage = refusing(then_finding(storage, again), Some(ann_id()));
        let world = counting(&storage, by_name_and_account(), Ok(Verification::Right), false);
        assert_fails!(login(world, "ann.lee").await, LoginError::Rejected);
    }
}

#[tokio::test]
async fn right_password_that_opens_no_session_is_counted() {
    let storage = opening_or_not(finding("ann.lee", Some(credentials())), false);
    let world = counting(&storage, by_name_and_account(), Ok(Verification::Right), false);
    assert_fails!(login(world, "ann.lee").await, LoginError::Rejected);
}

#[tokio::test]
async fn known_device_is_hashed_for_first_and_a_device_of_another_account_is_not() {
    for (knows_device, priority) in [(true, Priority::Recognized), (false, Priority::Unrecognized)]
    {
        let found = Credentials { knows_device, ..credentials() };
        let storage =
            refusing(finding_from(Some(device()), "ann.lee", Some(found)), Some(ann_id()));
        let storage = if knows_device {
            storage.on_begin(|db| expect_device_failure(db, false))
        } else {
            storage
        };
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_is_full().with(eq(Priority::Recognized)).once().return_const(false);
        hasher
            .expect_verify()
            .withf(move |_, _, given| *given == priority)
            .once()
            .return_once(|_, _, _| Ok(Verification::Wrong));
        let world = World { hasher, limiter: generous(), ..World::new(&storage) };
        let token = Some(opaque_token(TokenPurpose::Device, device()));
        let command = LoginCommand { device_token: token, ..command("ann.lee") };
        assert_fails!(world.application().login.run(command).await, LoginError::Rejected);
    }
}
