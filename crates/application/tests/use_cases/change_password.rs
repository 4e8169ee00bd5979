use std::time::Duration;

use doorward_application::{
    Caller, Failure,
    authorize::Forbidden,
    change_password::{ChangePassword, ChangePasswordCommand, ChangePasswordError},
};
use doorward_domain::{
    audit::AuditKind,
    mail::MailSubject,
    mock::{MockPasswordHasher, MockRateLimiter, MockRepositories, MockStorage},
    one_time_token::OneTimePurpose,
    password::Password,
    ports::{HashError, Limit, RetryAfter, Verification},
    session::SessionEnd,
};
use mockall::{Sequence, predicate::eq};

use crate::support::{
    NOW, PASSWORD_VERSION, World, acme, ann_id, assert_fails, blocking, caller, client, comparing,
    emptied, expect_audit, expect_device_failure, expect_hash, expect_mail, new_password,
    open_refresh_token, session_id, stored_password, unverified,
};

const CURRENT: &str = "an old password";
const PASSWORD: &str = "correct horse battery";

fn command() -> ChangePasswordCommand {
    ChangePasswordCommand {
        current_password: Password::presented(CURRENT),
        new_password: new_password(PASSWORD),
    }
}

/// The connection on which the current password is looked up.
fn finding(stored: Option<&'static str>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.users
            .expect_password()
            .with(eq(ann_id()))
            .once()
            .returning(move |_| Ok(stored.map(stored_password)));
    })
}

/// The reset link is voided first, and then the password that was verified, and only that one, is
/// to be replaced by the new one.
fn expect_change(db: &mut MockRepositories, changes: bool) {
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
            (*user, *verified, new.from) == (ann_id(), PASSWORD_VERSION, Some(client().network()))
                && (new.hash.expose(), new.at) == ("new hash", NOW)
        })
        .once()
        .in_sequence(&mut order)
        .returning(move |_, _, _| Ok(changes));
}

/// The unit of work in which all comes together.
fn changing(storage: MockStorage) -> MockStorage {
    changing_in(storage, true)
}

/// As [`changing`], in a session that is live or has ended before.
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
            .with(eq(ann_id()), eq(Some(session_id())), eq(SessionEnd::PasswordChanged), eq(NOW))
            .once()
            .returning(|_, _, _, _| Ok(2));
        expect_mail(db, "ann@example.com", MailSubject::PasswordChanged);
        expect_audit(db, AuditKind::PasswordChanged, Some((acme(), session_id())));
    })
}

/// A limiter that takes from the bucket of Ann's session, and gets back what it gave or not.
fn counting(given_back: bool) -> MockRateLimiter {
    let is_hers = |limit: &Limit, bucket: &str| {
        *limit == Limit::LoginFailures && bucket == format!("session:{}", session_id())
    };
    let mut limiter = MockRateLimiter::new();
    limiter.expect_take().withf(is_hers).once().returning(|_, _| Ok(()));
    let is_mail = |limit: &Limit, bucket: &str| {
        *limit == Limit::Mail && bucket == format!("user:{}", ann_id())
    };
    let mails = usize::from(given_back);
    limiter.expect_take().withf(is_mail).times(..=mails).returning(|_, _| Ok(()));
    limiter.expect_give_back().withf(is_hers).times(usize::from(given_back)).return_const(());
    limiter
}

fn right() -> MockPasswordHasher {
    comparing(CURRENT, Some("old hash"), Ok(Verification::Right))
}

async fn change(world: World) -> Result<(), ChangePasswordError> {
    world.application().change_password.run(&caller(), command()).await
}

#[tokio::test]
async fn the_password_is_set_and_the_other_sessions_end_in_one_commit() {
    for verification in [Verification::Right, Verification::RightButStale] {
        let storage = changing(finding(Some("old hash")));
        let mut hasher = comparing(CURRENT, Some("old hash"), Ok(verification));
        expect_hash(&mut hasher, PASSWORD, "new hash");
        change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await.unwrap();
        assert_eq!(storage.commits(), 1);
    }
}

/// The unit of work in which the caller's own session ends, or has ended before.
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
            .with(eq(ann_id()), eq(session_id()), eq(SessionEnd::Renewed), eq(NOW))
            .once()
            .returning(move |_, _, _, _| Ok(is_live));
        if is_live {
            db.sessions
                .expect_end_all()
                .withf(|user, except, reason, now| {
                    (*user, *reason, *now) == (ann_id(), SessionEnd::PasswordChanged, NOW)
                        && except.is_some_and(|kept| kept != session_id())
                })
                .once()
                .returning(|_, _, _, _| Ok(2));
            expect_mail(db, "ann@example.com", MailSubject::PasswordChanged);
            db.audit
                .expect_record()
                .withf(|event| event.kind == AuditKind::PasswordChanged)
                .once()
                .returning(|_| Ok(()));
        }
    })
}

#[tokio::test]
async fn renewal_ends_all_sessions_and_opens_one_in_the_same_commit() {
    let storage = renewing(finding(Some("old hash")), true);
    let mut hasher = right();
    expect_hash(&mut hasher, PASSWORD, "new hash");
    let world = World { hasher, limiter: counting(true), ..World::new(&storage) };
    let renewed = world.application().change_password.renewing(&caller(), command()).await.unwrap();
    assert_eq!(storage.commits(), 1);
    assert_ne!(open_refresh_token(&renewed.tokens.refresh), session_id());
}

#[tokio::test]
async fn session_that_was_revoked_meanwhile_is_not_renewed() {
    let storage = renewing(finding(Some("old hash")), false);
    let mut hasher = right();
    expect_hash(&mut hasher, PASSWORD, "new hash");
    let world = World { hasher, limiter: counting(true), ..World::new(&storage) };
    let outcome = world.application().change_password.renewing(&caller(), command()).await;
    assert_fails!(outcome, ChangePasswordError::SessionEnded);
    assert_eq!(storage.commits(), 0);
}

/// Whoever presented the token of a session that has ended changes nothing any more.
#[tokio::test]
async fn session_that_ended_meanwhile_changes_no_password() {
    let storage = changing_in(finding(Some("old hash")), false);
    let mut hasher = right();
    expect_hash(&mut hasher, PASSWORD, "new hash");
    let outcome = change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await;
    assert_fails!(outcome, ChangePasswordError::SessionEnded);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn a_password_that_was_reset_meanwhile_stays() {
    let storage = finding(Some("old hash")).on_begin(|db| expect_change(db, false));
    let mut hasher = right();
    expect_hash(&mut hasher, PASSWORD, "new hash");
    let outcome = change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await;
    assert_fails!(outcome, ChangePasswordError::PasswordIncorrect);
    assert_eq!(storage.commits(), 0);
}

/// Nothing is hashed.
#[tokio::test]
async fn a_wrong_current_password_is_counted_and_written_down() {
    for ends_session in [false, true] {
        let hasher = comparing(CURRENT, Some("old hash"), Ok(Verification::Wrong));
        let storage = finding(Some("old hash"))
            .on_connect(|db| expect_audit(db, AuditKind::LoginFailed, Some((acme(), session_id()))))
            .on_begin(|db| expect_device_failure(db, ends_session));
        let world = World { hasher, limiter: counting(false), ..World::new(&storage) };
        assert_fails!(change(world).await, ChangePasswordError::PasswordIncorrect);
    }
}

#[tokio::test]
async fn too_many_failures_are_told_before_the_password_is_looked_at() {
    let wait = RetryAfter(Duration::from_secs(6));
    let limiter = emptied(wait);
    let outcome = change(World { limiter, ..World::new(&finding(Some("old hash"))) }).await;
    let Err(ChangePasswordError::TooManyFailures(told)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(told, wait);
}

#[tokio::test]
async fn an_account_without_a_password_has_none_to_change() {
    let outcome = change(World::new(&finding(None))).await;
    assert_fails!(outcome, ChangePasswordError::Forbidden(Forbidden::PASSWORD_CHANGE));
}

#[tokio::test]
async fn a_common_password_is_refused_once_the_current_one_was_right() {
    let world = World {
        hasher: right(),
        limiter: counting(true),
        blocklist: blocking(PASSWORD),
        ..World::new(&finding(Some("old hash")))
    };
    assert_fails!(change(world).await, ChangePasswordError::PasswordTooCommon);
}

#[tokio::test]
async fn the_accounts_own_words_are_refused() {
    let world = World {
        hasher: right(),
        limiter: counting(true),
        ..World::new(&finding(Some("old hash")))
    };
    let command =
        ChangePasswordCommand { new_password: new_password("Ann@example.com"), ..command() };
    let outcome = world.application().change_password.run(&caller(), command).await;
    assert_fails!(outcome, ChangePasswordError::PasswordTooCommon);
}

#[tokio::test]
async fn an_unverified_address_is_refused_where_it_matters() {
    let app = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    let outcome = app.change_password.run(&caller, command()).await;
    assert_fails!(outcome, ChangePasswordError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn a_password_that_was_not_compared_is_not_counted() {
    let hasher = comparing(CURRENT, Some("old hash"), Err(HashError::Busy));
    let storage = finding(Some("old hash"));
    let outcome = change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await;
    assert_fails!(outcome, ChangePasswordError::Failure(Failure::Busy));
}

#[tokio::test]
async fn a_busy_hasher_begins_no_unit_of_work() {
    let mut hasher = right();
    hasher.expect_hash().once().returning(|_, _| Err(HashError::Busy));
    let storage = finding(Some("old hash"));
    let outcome = change(World { hasher, limiter: counting(true), ..World::new(&storage) }).await;
    assert_fails!(outcome, ChangePasswordError::Failure(Failure::Busy));
}

#[tokio::test]
async fn nothing_is_judged_while_storage_is_away() {
    let outcome = change(World::without_storage()).await;
    assert_fails!(outcome, ChangePasswordError::Failure(Failure::Storage(_)));
}
