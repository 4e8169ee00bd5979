use std::time::Duration;

use doorward_application::{
    Caller, CommonError,
    access::denied::Forbidden,
    password::change::{ChangePassword, ChangePasswordCommand, ChangePasswordError},
};
use doorward_domain::{
    audit::AuditKind,
    credential::password::Password,
    mail::{Allowance, MailKind},
    mock::{MockPasswordHasher, MockRateLimiter, MockRepositories, MockStorage},
    ports::{HashError, Limit, RetryAfter, Verification},
    session::SessionEndReason,
    token::one_time::OneTimePurpose,
};
use mockall::{Sequence, predicate::eq};

use crate::support::{
    NOW, PASSWORD_VERSION, World, acme, ann, ann_id, assert_fails, blocking, caller, client,
    comparing, emptied, expect_audit, expect_device_failure, expect_hash, expect_hash_budget,
    expect_mail, new_password, open_refresh_token, session_id, stored_password, unverified,
};

const CURRENT: &str = "an old password";
const PASSWORD: &str = "correct horse battery";

fn command() -> ChangePasswordCommand {
    ChangePasswordCommand {
        current_password: Password::new(CURRENT),
        new_password: new_password(PASSWORD),
    }
}

/// Storage with a connection that finds the current password.
fn finding(stored: Option<&'static str>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.users
            .expect_password()
            .with(eq(ann_id()))
            .once()
            .returning(move |_| Ok(stored.map(stored_password)));
    })
}

/// Expects that the reset link is invalidated first, and that then only the password that was verified is replaced by
/// the new one.
fn expect_change(db: &mut MockRepositories, changes: bool) {
    let allowance = Allowance::invalidations_for(&ann().email, NOW);
    db.outbox.expect_take().with(eq(allowance)).once().returning(|_| Ok(true));
    let mut order = Sequence::new();
    db.one_time_tokens
        .expect_void()
        .with(eq(OneTimePurpose::ResetPassword), eq(ann_id()), eq(NOW))
        .once()
        .in_sequence(&mut order)
        .returning(|_, _, _| Ok(()));
    db.users
        .expect_change_password()
        .withf(|user, verified, new| {
            (*user, *verified, new.from) == (ann_id(), PASSWORD_VERSION, Some(client().ip_prefix()))
                && (new.hash.expose(), new.at) == ("new hash", NOW)
        })
        .once()
        .in_sequence(&mut order)
        .returning(move |_, _, _| Ok(changes));
}

/// Adds the unit of work of a successful change.
fn changing(storage: MockStorage) -> MockStorage {
    changing_in(storage, true)
}

/// As [`changing`], for a session that is live or has already ended.
fn changing_in(storage: MockStorage, is_live: bool) -> MockStorage {
    storage.on_begin(move |db| {
        expect_change(db, true);
        db.sessions
            .expect_end_by()
            .with(eq(session_id()), eq(NOW + ChangePassword::SESSION_GOES_ON_FOR))
            .once()
            .returning(move |_, _| Ok(is_live));
        if !is_live {
            return;
        }
        db.sessions
            .expect_end_all()
            .with(
                eq(ann_id()),
                eq(Some(session_id())),
                eq(SessionEndReason::PasswordChanged),
                eq(NOW),
            )
            .once()
            .returning(|_, _, _, _| Ok(2));
        expect_mail(db, "ann@example.com", MailKind::PasswordChanged);
        expect_audit(db, AuditKind::PasswordChanged, Some((acme(), session_id())));
    })
}

/// A limiter that takes a token from the bucket of Ann's session, and expects it to be returned or not.
fn counting(given_back: bool) -> MockRateLimiter {
    let is_hers = |limit: &Limit, bucket: &str| {
        *limit == Limit::LoginFailures && bucket == format!("session:{}", session_id())
    };
    let mut limiter = MockRateLimiter::new();
    // Not returned, even if the password is correct.
    expect_hash_budget(&mut limiter, "check", Ok(()));
    limiter.expect_take().withf(is_hers).once().returning(|_, _| Ok(()));
    let is_mail = |limit: &Limit, bucket: &str| {
        *limit == Limit::Mail && bucket == format!("user:{}", ann_id())
    };
    let mails = usize::from(given_back);
    limiter.expect_take().withf(is_mail).times(..=mails).returning(|_, _| Ok(()));
    limiter.expect_release().withf(is_hers).times(usize::from(given_back)).return_const(());
    limiter
}

fn right() -> MockPasswordHasher {
    comparing(CURRENT, Some("old hash"), Ok(Verification::Match))
}

async fn change(world: World) -> Result<(), ChangePasswordError> {
    world.application().password.change.run(&caller(), command()).await
}

#[tokio::test]
async fn password_change_and_end_of_other_sessions_share_one_commit() {
    for verification in [Verification::Match, Verification::MatchNeedsRehash] {
        let storage = changing(finding(Some("old hash")));
        let mut hasher = comparing(CURRENT, Some("old hash"), Ok(verification));
        expect_hash(&mut hasher, PASSWORD, "new hash");
        change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await.unwrap();
        assert_eq!(storage.commits(), 1);
    }
}

/// Nothing is invalidated.
#[tokio::test]
async fn password_is_changed_at_most_three_times_a_day() {
    let spent = Allowance::invalidations_for(&ann().email, NOW);
    let wait = spent.retry_after(NOW);
    let storage = finding(Some("old hash")).on_begin(move |db| {
        db.outbox.expect_take().with(eq(spent)).once().returning(|_| Ok(false));
    });
    let mut hasher = right();
    expect_hash(&mut hasher, PASSWORD, "new hash");
    let world = World { hasher, limiter: counting(true), ..World::new(&storage) };
    assert_fails!(change(world).await, ChangePasswordError::TooManyFailures(told) if told == wait);
    assert_eq!(storage.commits(), 0);
}

/// Adds a unit of work in which the caller's session ends, or has already ended.
fn renewing(storage: MockStorage, is_live: bool) -> MockStorage {
    storage.on_begin(move |db| {
        expect_change(db, true);
        db.sessions
            .expect_open()
            .withf(|session| session.user_id == ann_id() && session.id != session_id())
            .once()
            .returning(|_| Ok(()));
        db.sessions
            .expect_end()
            .with(eq(ann_id()), eq(session_id()), eq(SessionEndReason::Renewed), eq(NOW))
            .once()
            .returning(move |_, _, _, _| Ok(is_live));
        if is_live {
            db.sessions
                .expect_end_all()
                .withf(|user, except, reason, now| {
                    (*user, *reason, *now) == (ann_id(), SessionEndReason::PasswordChanged, NOW)
                        && except.is_some_and(|kept| kept != session_id())
                })
                .once()
                .returning(|_, _, _, _| Ok(2));
            expect_mail(db, "ann@example.com", MailKind::PasswordChanged);
            db.audit
                .expect_record()
                .withf(|event| event.kind == AuditKind::PasswordChanged)
                .once()
                .returning(|_| Ok(()));
        }
    })
}

#[tokio::test]
async fn renewal_ends_all_sessions_and_opens_a_new_one_in_one_commit() {
    let storage = renewing(finding(Some("old hash")), true);
    let mut hasher = right();
    expect_hash(&mut hasher, PASSWORD, "new hash");
    let world = World { hasher, limiter: counting(true), ..World::new(&storage) };
    let renewed = world.application().password.change.renewing(&caller(), command()).await.unwrap();
    assert_eq!(storage.commits(), 1);
    assert_ne!(open_refresh_token(&renewed.tokens.refresh), session_id());
}

#[tokio::test]
async fn session_that_was_revoked_meanwhile_is_not_renewed() {
    let storage = renewing(finding(Some("old hash")), false);
    let mut hasher = right();
    expect_hash(&mut hasher, PASSWORD, "new hash");
    let world = World { hasher, limiter: counting(true), ..World::new(&storage) };
    let outcome = world.application().password.change.renewing(&caller(), command()).await;
    assert_fails!(outcome, ChangePasswordError::SessionEnded);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn password_is_unchanged_if_the_session_ended_meanwhile() {
    let storage = changing_in(finding(Some("old hash")), false);
    let mut hasher = right();
    expect_hash(&mut hasher, PASSWORD, "new hash");
    let outcome = change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await;
    assert_fails!(outcome, ChangePasswordError::SessionEnded);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn password_that_was_reset_meanwhile_is_not_changed() {
    let storage = finding(Some("old hash")).on_begin(|db| expect_change(db, false));
    let mut hasher = right();
    expect_hash(&mut hasher, PASSWORD, "new hash");
    let outcome = change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await;
    assert_fails!(outcome, ChangePasswordError::PasswordIncorrect);
    assert_eq!(storage.commits(), 0);
}

/// No password is hashed.
#[tokio::test]
async fn incorrect_current_password_is_counted_and_recorded() {
    for ends_session in [false, true] {
        let hasher = comparing(CURRENT, Some("old hash"), Ok(Verification::Mismatch));
        let storage = finding(Some("old hash"))
            .on_connect(|db| expect_audit(db, AuditKind::LoginFailed, Some((acme(), session_id()))))
            .on_begin(|db| expect_device_failure(db, ends_session));
        let world = World { hasher, limiter: counting(false), ..World::new(&storage) };
        assert_fails!(change(world).await, ChangePasswordError::PasswordIncorrect);
    }
}

#[tokio::test]
async fn exhausted_attempts_are_rejected_before_the_password_is_verified() {
    let wait = RetryAfter(Duration::from_secs(6));
    let limiter = emptied(wait);
    let outcome = change(World { limiter, ..World::new(&finding(Some("old hash"))) }).await;
    let Err(ChangePasswordError::TooManyFailures(told)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(told, wait);
}

#[tokio::test]
async fn account_without_a_password_cannot_change_it() {
    let outcome = change(World::new(&finding(None))).await;
    assert_fails!(outcome, ChangePasswordError::Forbidden(Forbidden::PASSWORD_CHANGE));
}

#[tokio::test]
async fn common_password_is_rejected_after_the_current_one_was_verified() {
    let world = World {
        hasher: right(),
        limiter: counting(true),
        blocklist: blocking(PASSWORD),
        ..World::new(&finding(Some("old hash")))
    };
    assert_fails!(change(world).await, ChangePasswordError::PasswordTooCommon);
}

#[tokio::test]
async fn password_made_of_the_accounts_words_is_rejected() {
    let world = World {
        hasher: right(),
        limiter: counting(true),
        ..World::new(&finding(Some("old hash")))
    };
    let command =
        ChangePasswordCommand { new_password: new_password("Ann@example.com"), ..command() };
    let outcome = world.application().password.change.run(&caller(), command).await;
    assert_fails!(outcome, ChangePasswordError::PasswordTooCommon);
}

#[tokio::test]
async fn unverified_email_address_is_rejected_if_the_settings_require_verification() {
    let app = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    let outcome = app.password.change.run(&caller, command()).await;
    assert_fails!(outcome, ChangePasswordError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn password_that_was_not_verified_is_not_counted() {
    let hasher = comparing(CURRENT, Some("old hash"), Err(HashError::Busy));
    let storage = finding(Some("old hash"));
    let outcome = change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await;
    assert_fails!(outcome, ChangePasswordError::Failure(CommonError::Busy));
}

#[tokio::test]
async fn overloaded_hasher_fails_before_a_unit_of_work_begins() {
    let mut hasher = right();
    hasher.expect_hash().once().returning(|_, _| Err(HashError::Busy));
    let storage = finding(Some("old hash"));
    let outcome = change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await;
    assert_fails!(outcome, ChangePasswordError::Failure(CommonError::Busy));
}

#[tokio::test]
async fn unavailable_storage_is_reported_as_a_failure() {
    let outcome = change(World::without_storage()).await;
    assert_fails!(outcome, ChangePasswordError::Failure(CommonError::Storage(_)));
}
