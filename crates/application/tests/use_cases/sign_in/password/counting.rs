//! Counting of incorrect passwords.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use doorward_application::{
    CommonError,
    sign_in::password::{LoginCommand, LoginError},
};
use doorward_domain::{
    account::user::{ClientEvidence, LoginCandidate, LoginIdentifier},
    mock::{MockPasswordHasher, MockRateLimiter, MockStorage},
    ports::{Bucket, Clock, HashError, Limit, Priority, RetryAfter, Timer, Verification},
    request_context::RequestContext,
    token::{TokenPurpose, TokenRef},
};
use mockall::{
    Sequence,
    predicate::{always, eq},
};
use time::OffsetDateTime;
use tokio::sync::Notify;

use super::{
    command, credentials, finding, finding_from, generous, login, opening, opening_if, refusing,
    suspicious::opening_with_warning, then_finding, world,
};
use crate::support::{
    NOW, World, ann_id, assert_fails, client, comparing, disabled, emptied, expect_device_failure,
    expect_hash_budget, hash_budgets, idle, opaque_token, session_id,
};

/// The content of a device token of Ann's session.
fn device() -> TokenRef {
    TokenRef { id: session_id().as_uuid(), counter: 1 }
}

/// The budgets of a subject for a client without a known device: the reserve of its network, and the shared one.
fn budgets(subject: &str, shared: &str) -> Vec<Vec<Bucket>> {
    vec![
        vec![Bucket::new(Limit::LoginReserve, format!("{subject}@192.0.2.1"))],
        vec![Bucket::new(Limit::LoginFailures, shared)],
    ]
}

/// The budgets of an attempt on Ann's account by her username.
fn by_name_and_account() -> Vec<Vec<Vec<Bucket>>> {
    let account = format!("user:{}", ann_id());
    vec![budgets("name:ann.lee", "name:ann.lee"), budgets(&account, &account)]
}

/// Expects that tokens are taken from these budgets in this order, that the password is compared then, and that the tokens
/// are returned afterwards, if `given_back`.
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
        limiter.expect_release_all().with(eq(all)).once().in_sequence(&mut order).return_const(());
    }
    World { limiter, hasher, ..World::new(storage) }
}

/// Asserts that an incorrect password is counted in these budgets.
async fn assert_counted_in(
    calls: Vec<Vec<Vec<Bucket>>>,
    found: Option<LoginCandidate>,
    name: &str,
) {
    let user_id = found.as_ref().map(|found| found.user.id);
    let storage = match LoginIdentifier::parse(name) {
        Ok(_) => finding(name, found),
        Err(_) => MockStorage::default(),
    };
    let storage = refusing(storage, user_id);
    let world = counting(&storage, calls, Ok(Verification::Mismatch), false);
    assert_fails!(login(world, name).await, LoginError::Rejected);
}

#[tokio::test]
async fn correct_password_is_not_counted() {
    let storage = opening(finding("ann.lee", Some(credentials())));
    let world = counting(&storage, by_name_and_account(), Ok(Verification::Match), true);
    assert!(login(world, "ann.lee").await.is_ok());
}

#[tokio::test]
async fn password_that_was_not_verified_is_not_counted() {
    let storage = finding("ann.lee", Some(credentials()));
    let world = counting(&storage, by_name_and_account(), Err(HashError::Busy), true);
    assert_fails!(login(world, "ann.lee").await, LoginError::Failure(CommonError::Busy));
}

#[tokio::test]
async fn account_has_one_budget_for_all_its_names() {
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
async fn budget_spent_through_another_name_gets_the_incorrect_password_response() {
    for verification in [Verification::Match, Verification::Mismatch] {
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
async fn known_network_has_a_bucket_that_unrecognized_clients_cannot_empty() {
    let found = LoginCandidate { is_known_ip_prefix: true, ..credentials() };
    let account = format!("user:{}", ann_id());
    let known = |subject: &str| budgets(subject, &format!("{subject}@192.0.2.1"));
    let calls = vec![known("name:ann.lee"), known(&account)];
    assert_counted_in(calls, Some(found), "ann.lee").await;
}

/// The device counts incorrect passwords as well and may be forgotten, so a stolen device token doesn't bypass the cap.
#[tokio::test]
async fn known_device_has_a_bucket_that_no_other_client_can_empty() {
    for is_forgotten in [false, true] {
        let found =
            LoginCandidate { is_known_device: true, is_known_ip_prefix: true, ..credentials() };
        let bucket = format!("user:{}#{}", ann_id(), session_id());
        let storage = finding_from(Some(device()), "ann.lee", Some(found));
        let storage = refusing(storage, Some(ann_id()))
            .on_begin(|db| expect_device_failure(db, is_forgotten));
        let own = vec![vec![Bucket::new(Limit::LoginFailures, bucket)]];
        let calls = vec![own, hash_budgets("sign-in")];
        let world = counting(&storage, calls, Ok(Verification::Mismatch), false);
        let token = Some(opaque_token(TokenPurpose::Device, device()));
        let command = LoginCommand { device_token: token, ..command("ann.lee") };
        assert_fails!(
            world.application().sign_in.password.run(command).await,
            LoginError::Rejected
        );
    }
}

#[tokio::test]
async fn invalid_device_token_is_treated_as_absent() {
    for token in ["", "dwd_nonsense", &opaque_token(TokenPurpose::Refresh, device())] {
        let storage = opening(finding("ann.lee", Some(credentials())));
        let world = counting(&storage, by_name_and_account(), Ok(Verification::Match), true);
        let command = LoginCommand { device_token: Some(token.to_owned()), ..command("ann.lee") };
        assert!(world.application().sign_in.password.run(command).await.is_ok(), "{token}");
    }
}

#[tokio::test]
async fn ip_address_of_an_untrusted_proxy_is_not_treated_as_a_known_network() {
    let client = RequestContext { is_forwarded: true, ..client() };
    let storage = MockStorage::default().on_connect(|db| {
        db.users
            .expect_login_candidate()
            .with(always(), eq(ClientEvidence { network: None, device: None, now: NOW }))
            .once()
            .return_once(|_, _| Ok(None));
    });
    let storage = storage.on_connect(|db| {
        db.audit.expect_record().once().returning(|_| Ok(()));
    });
    let hasher = comparing("correct horse battery", None, Ok(Verification::Mismatch));
    let world = World { hasher, limiter: generous(), ..World::new(&storage) };
    let command = LoginCommand { client, ..command("ann.lee") };
    assert_fails!(world.application().sign_in.password.run(command).await, LoginError::Rejected);
}

/// It is treated in every way as an incorrect one, and counted as one.
#[tokio::test]
async fn locked_out_account_rejects_the_correct_password_from_unrecognized_clients() {
    let recent_failures = LoginCandidate::FAILURES_CAP;
    let found = LoginCandidate { recent_failures, ..credentials() };
    for found in [found.clone(), LoginCandidate { user: disabled(), ..found }] {
        let storage = refusing(finding("ann.lee", Some(found)), Some(ann_id()));
        let world =
            counting(&storage, by_name_and_account(), Ok(Verification::MatchNeedsRehash), false);
        assert_fails!(login(world, "ann.lee").await, LoginError::Rejected);
    }
}

#[tokio::test]
async fn locked_out_account_rejects_the_correct_password_from_a_known_network() {
    let found = LoginCandidate { recent_failures: 100, is_known_ip_prefix: true, ..credentials() };
    let storage = refusing(finding("ann.lee", Some(found)), Some(ann_id()));
    let outcome = login(world(&storage, Verification::Match), "ann.lee").await;
    assert_fails!(outcome, LoginError::Rejected);
}

#[tokio::test]
async fn known_devices_sign_in_despite_lockout_and_others_before_the_cap() {
    let almost = LoginCandidate::FAILURES_CAP - 1;
    let known = LoginCandidate { recent_failures: 100, is_known_device: true, ..credentials() };
    let stranger = LoginCandidate { recent_failures: almost, ..credentials() };
    for storage in [
        opening(finding("ann.lee", Some(known))),
        opening_with_warning(finding("ann.lee", Some(stranger))).0,
    ] {
        assert!(login(world(&storage, Verification::Match), "ann.lee").await.is_ok());
    }
}

/// A clock whose timers complete when the test says so.
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
async fn hashing_starts_only_after_the_constant_lookup_time() {
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
            Ok(Verification::Mismatch)
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
async fn attempts_on_an_account_without_a_password_are_counted() {
    let found = LoginCandidate { password: None, ..credentials() };
    assert_counted_in(by_name_and_account(), Some(found), "ann.lee").await;
}

#[tokio::test]
async fn unknown_name_is_counted_without_regard_to_case() {
    for name in ["Unknown", "UNKNOWN"] {
        let calls =
            vec![budgets("name:unknown", "name:unknown"), budgets("none:unknown", "none:unknown")];
        assert_counted_in(calls, None, name).await;
    }
}

#[tokio::test]
async fn invalid_names_share_one_budget() {
    for name in ["", "ann lee", "\0"] {
        let at = "invalid@192.0.2.1";
        let of = |prefix: &str| budgets(&format!("{prefix}:{at}"), &format!("{prefix}:{at}"));
        assert_counted_in(vec![of("name"), of("none")], None, name).await;
    }
}

/// No hash is computed.
#[tokio::test]
async fn exhausted_attempts_are_rejected_before_the_password_is_verified() {
    let wait = RetryAfter(Duration::from_secs(6));
    for found in [Some(credentials()), None] {
        let limiter = emptied(wait);
        let storage = finding("ann.lee", found);
        let outcome = login(World { limiter, ..World::new(&storage) }, "ann.lee").await;
        let Err(LoginError::TooManyFailures(told)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(told, wait);
    }
}

/// Concurrent attempts are all allowed before the first one is counted.
#[tokio::test]
async fn failure_cap_is_checked_again_when_the_session_opens_except_for_known_devices() {
    for (is_known_device, cap) in [(true, None), (false, Some(LoginCandidate::FAILURES_CAP))] {
        let found = LoginCandidate { is_known_device, ..credentials() };
        let storage = finding_from(Some(device()), "ann.lee", Some(found)).on_begin(move |db| {
            db.sessions
                .expect_open_by_password()
                .withf(move |_, verified| verified.failures_cap == cap)
                .once()
                .returning(|_, _| Ok(false));
        });
        let world = world(&refusing(storage, Some(ann_id())), Verification::Match);
        let token = Some(opaque_token(TokenPurpose::Device, device()));
        let command = LoginCommand { device_token: token, ..command("ann.lee") };
        assert_fails!(
            world.application().sign_in.password.run(command).await,
            LoginError::Rejected
        );
    }
}

/// Neither a session nor the response that the account is disabled may reveal that the password is correct.
#[tokio::test]
async fn failure_cap_is_checked_again_before_reporting_a_disabled_account() {
    let found = LoginCandidate { user: disabled(), ..credentials() };
    let capped = LoginCandidate { recent_failures: LoginCandidate::FAILURES_CAP, ..found.clone() };
    for again in [Some(capped), None] {
        let storage = finding("ann.lee", Some(found.clone()));
        let storage = refusing(then_finding(storage, again), Some(ann_id()));
        let world = counting(&storage, by_name_and_account(), Ok(Verification::Match), false);
        assert_fails!(login(world, "ann.lee").await, LoginError::Rejected);
    }
}

#[tokio::test]
async fn correct_password_that_opens_no_session_is_counted() {
    let storage = opening_if(finding("ann.lee", Some(credentials())), false);
    let world = counting(&storage, by_name_and_account(), Ok(Verification::Match), false);
    assert_fails!(login(world, "ann.lee").await, LoginError::Rejected);
}

/// Beyond its budget, which correct passwords spend as well, a known device waits as other clients do.
#[tokio::test]
async fn only_a_device_known_to_the_account_gets_hashing_priority() {
    for (is_known_device, is_left, priority) in [
        (true, true, Priority::Recognized),
        (true, false, Priority::Unrecognized),
        (false, true, Priority::Unrecognized),
    ] {
        let found = LoginCandidate { is_known_device, ..credentials() };
        let storage =
            refusing(finding_from(Some(device()), "ann.lee", Some(found)), Some(ann_id()));
        let storage = if is_known_device {
            storage.on_begin(|db| expect_device_failure(db, false))
        } else {
            storage
        };
        let mut hasher = MockPasswordHasher::new();
        hasher.expect_is_saturated().with(eq(Priority::Recognized)).once().return_const(false);
        hasher
            .expect_verify()
            .withf(move |_, _, given| *given == priority)
            .once()
            .return_once(|_, _, _| Ok(Verification::Mismatch));
        let mut limiter = MockRateLimiter::new();
        if is_known_device {
            let wait = RetryAfter(Duration::from_secs(6));
            let outcome = if is_left { Ok(()) } else { Err(wait) };
            expect_hash_budget(&mut limiter, "sign-in", outcome);
        }
        limiter.expect_take_any().returning(|groups| Ok(groups.concat()));
        let world = World { hasher, limiter, ..World::new(&storage) };
        let token = Some(opaque_token(TokenPurpose::Device, device()));
        let command = LoginCommand { device_token: token, ..command("ann.lee") };
        assert_fails!(
            world.application().sign_in.password.run(command).await,
            LoginError::Rejected
        );
    }
}
