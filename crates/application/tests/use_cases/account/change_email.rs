use std::time::Duration;

use doorward_application::{
    Caller,
    access::denied::Forbidden,
    account::change_email::{ChangeEmailCommand, ChangeEmailError},
};
use doorward_domain::{
    account::user::EmailChange,
    audit::AuditKind,
    credential::password::Password,
    mail::{Allowance, MailKind},
    mock::{MockRateLimiter, MockRepositories, MockStorage},
    ports::{ChangeEmailError as StoreError, Limit, RetryAfter, Verification},
    token::{TokenRef, one_time::OneTimePurpose},
};
use mockall::{Sequence, predicate::eq};

use crate::support::{
    NOW, World, acme, ann, ann_id, assert_fails, caller, comparing, email, emptied, expect_audit,
    expect_device_failure, expect_hash_budget, expect_mail, one_time_token, session_id,
    stored_password, unverified,
};

const CURRENT: &str = "an old password";
const NEW: &str = "ann.lee@example.com";

fn command(to: &str) -> ChangeEmailCommand {
    ChangeEmailCommand { email: email(to), current_password: Password::new(CURRENT) }
}

fn mistyped() -> Caller {
    Caller { user: unverified(), ..caller() }
}

/// Storage with a connection that finds the password.
fn finding(stored: Option<&'static str>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.users
            .expect_password()
            .with(eq(ann_id()))
            .once()
            .returning(move |_| Ok(stored.map(stored_password)));
    })
}

/// Expects the tokens before the account, because a reset and a verification lock these rows in this order.
fn expect_change(db: &mut MockRepositories, outcome: Result<bool, StoreError>) {
    expect_allowances(db, true, true);
    let mut order = Sequence::new();
    db.one_time_tokens
        .expect_void()
        .with(eq(OneTimePurpose::ResetPassword), eq(ann_id()), eq(NOW))
        .once()
        .in_sequence(&mut order)
        .returning(|_, _, _| Ok(()));
    db.one_time_tokens
        .expect_issue()
        .withf(|issue| {
            (issue.user_id, issue.purpose, issue.email.as_str(), issue.now)
                == (ann_id(), OneTimePurpose::VerifyEmail, NEW, NOW)
        })
        .once()
        .in_sequence(&mut order)
        .returning(|_| Ok(Some(token())));
    if matches!(outcome, Ok(true)) {
        expect_mail(db, NEW, MailKind::VerifyEmail(token()));
    }
    let change =
        EmailChange { from: ann().email, to: email(NEW), unverified_only: true, verified_at: None };
    db.users
        .expect_change_email()
        .with(eq(ann_id()), eq(change), eq(NOW))
        .once()
        .in_sequence(&mut order)
        .return_once(|_, _, _| outcome);
}

/// Expects that the account's changes are counted, and if one is left, those of the former address.
fn expect_allowances(db: &mut MockRepositories, account: bool, address: bool) {
    let allowance = Allowance::email_changes_of(ann_id(), NOW);
    db.outbox.expect_take().with(eq(allowance)).once().returning(move |_| Ok(account));
    if account {
        let allowance = Allowance::invalidations_for(&ann().email, NOW);
        db.outbox.expect_take().with(eq(allowance)).once().returning(move |_| Ok(address));
    }
}

fn token() -> TokenRef {
    let row = one_time_token(OneTimePurpose::VerifyEmail);
    TokenRef { id: row.id.as_uuid(), counter: row.counter }
}

fn allowing() -> MockRateLimiter {
    let mut limiter = MockRateLimiter::new();
    expect_hash_budget(&mut limiter, "check", Ok(()));
    let bucket = format!("session:{}", session_id());
    limiter
        .expect_take()
        .withf(move |limit, key| (*limit, key) == (Limit::LoginFailures, bucket.as_str()))
        .returning(|_, _| Ok(()));
    let bucket = format!("user:{}", ann_id());
    limiter
        .expect_take()
        .withf(move |limit, key| (*limit, key) == (Limit::Mail, bucket.as_str()))
        .returning(|_, _| Ok(()));
    limiter.expect_release().return_const(());
    limiter
}

fn right(storage: &MockStorage) -> World {
    let hasher = comparing(CURRENT, Some("old hash"), Ok(Verification::Match));
    World { hasher, limiter: allowing(), ..World::new(storage) }
}

async fn change(world: World, caller: &Caller, to: &str) -> Result<(), ChangeEmailError> {
    world.application().account.change_email.run(caller, command(to)).await
}

#[tokio::test]
async fn unverified_address_is_replaced_and_the_new_one_gets_a_link_in_one_commit() {
    for world in [|world: World| world, World::verified_only] {
        let storage = finding(Some("old hash")).on_begin(|db| {
            expect_change(db, Ok(true));
            expect_audit(db, AuditKind::EmailChanged, Some((acme(), session_id())));
        });
        change(world(right(&storage)), &mistyped(), NEW).await.unwrap();
        assert_eq!(storage.commits(), 1);
    }
}

#[tokio::test]
async fn verified_email_address_is_not_changed() {
    let outcome = change(World::without_storage(), &caller(), NEW).await;
    assert_fails!(outcome, ChangeEmailError::Forbidden(Forbidden::EMAIL_CHANGE));
}

#[tokio::test]
async fn email_address_that_was_verified_meanwhile_is_not_changed() {
    let storage = finding(Some("old hash")).on_begin(|db| expect_change(db, Ok(false)));
    let outcome = change(right(&storage), &mistyped(), NEW).await;
    assert_fails!(outcome, ChangeEmailError::Forbidden(Forbidden::EMAIL_CHANGE));
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn taken_email_address_is_rejected_and_its_owner_notified() {
    let storage = finding(Some("old hash"))
        .on_begin(|db| expect_change(db, Err(StoreError::Taken)))
        .on_connect(|db| {
            db.users
                .expect_find_by_email()
                .with(eq(email(NEW)))
                .once()
                .returning(|_| Ok(Some(ann())));
            db.outbox
                .expect_enqueue_once_a_day()
                .withf(|mail| mail.subject == MailKind::AddressTaken && mail.to == ann().email)
                .once()
                .returning(|_| Ok(true));
        });
    let outcome = change(right(&storage), &mistyped(), NEW).await;
    assert_fails!(outcome, ChangeEmailError::EmailTaken);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn incorrect_password_changes_nothing_and_is_recorded() {
    let storage = finding(Some("old hash"))
        .on_connect(|db| expect_audit(db, AuditKind::LoginFailed, Some((acme(), session_id()))))
        .on_begin(|db| expect_device_failure(db, false));
    let hasher = comparing(CURRENT, Some("old hash"), Ok(Verification::Mismatch));
    let world = World { hasher, limiter: allowing(), ..World::new(&storage) };
    assert_fails!(change(world, &mistyped(), NEW).await, ChangeEmailError::PasswordIncorrect);
}

#[tokio::test]
async fn exhausted_attempts_are_rejected_before_the_password_is_verified() {
    let wait = RetryAfter(Duration::from_secs(6));
    let world = World { limiter: emptied(wait), ..World::new(&finding(Some("old hash"))) };
    let outcome = change(world, &mistyped(), NEW).await;
    assert_fails!(outcome, ChangeEmailError::TooManyFailures(told) if told == wait);
}

#[tokio::test]
async fn account_without_a_password_cannot_change_its_email_address() {
    let outcome = change(World::new(&finding(None)), &mistyped(), NEW).await;
    assert_fails!(outcome, ChangeEmailError::Forbidden(Forbidden::PASSWORD_CHANGE));
}

/// Another spelling is stored neither: it is no change.
#[tokio::test]
async fn unchanged_email_address_only_requests_the_verification_email_again() {
    for same in ["ann@example.com", "Ann@example.com", "ANN@Example.com"] {
        let storage = finding(Some("old hash")).on_connect(|db| {
            expect_mail(db, "ann@example.com", MailKind::VerificationRequested);
        });
        change(right(&storage), &mistyped(), same).await.unwrap();
    }
}

#[tokio::test]
async fn account_and_address_are_changed_at_most_three_times_a_day() {
    for (account, address) in [(false, true), (true, false)] {
        let storage =
            finding(Some("old hash")).on_begin(move |db| expect_allowances(db, account, address));
        let outcome = change(right(&storage), &mistyped(), NEW).await;
        let wait = Allowance::email_changes_of(ann_id(), NOW).retry_after(NOW);
        assert_fails!(outcome, ChangeEmailError::TooManyFailures(told) if told == wait);
        assert_eq!(storage.commits(), 0);
    }
}

/// The counts of sent emails stay when the address changes, and no link to the former address becomes valid again.
#[tokio::test]
async fn address_is_changed_without_an_email_if_too_many_were_sent() {
    let storage = finding(Some("old hash")).on_begin(|db| {
        expect_allowances(db, true, true);
        for purpose in [OneTimePurpose::ResetPassword, OneTimePurpose::VerifyEmail] {
            db.one_time_tokens
                .expect_void()
                .with(eq(purpose), eq(ann_id()), eq(NOW))
                .once()
                .returning(|_, _, _| Ok(()));
        }
        db.one_time_tokens.expect_issue().once().returning(|_| Ok(None));
        db.users.expect_change_email().once().returning(|_, _, _| Ok(true));
        expect_audit(db, AuditKind::EmailChanged, Some((acme(), session_id())));
    });
    change(right(&storage), &mistyped(), NEW).await.unwrap();
    assert_eq!(storage.commits(), 1);
}
