use std::time::Duration;

use doorward_application::{
    CommonError,
    password::reset::{ResetPasswordCommand, ResetPasswordError},
};
use doorward_domain::{
    account::{
        profile::{Change, ProfileChange},
        user::User,
    },
    audit::AuditKind,
    mail::MailKind,
    mock::{MockPasswordHasher, MockRateLimiter, MockRepositories, MockStorage},
    org::{OrgKind, membership::UserMembership, role::Role},
    ports::{Bucket, HashError, Limit, Priority, RetryAfter},
    session::{SessionContext, SessionEndReason},
    token::{
        PlainToken, TokenPurpose, TokenRef,
        one_time::{OneTimePurpose, OneTimeToken},
    },
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, acme, ann, ann_id, assert_fails, blocking, bob_id, client, disabled, email,
    expect_audit, expect_mail, failing, globex, hashing, new_password, one_time_token,
    opaque_token, reference, session_context, session_id, workspace,
};

const PURPOSE: OneTimePurpose = OneTimePurpose::ResetPassword;
const PASSWORD: &str = "correct horse battery";

fn token() -> OneTimeToken {
    one_time_token(PURPOSE)
}

fn command() -> ResetPasswordCommand {
    ResetPasswordCommand {
        token: opaque_token(TokenPurpose::ResetPassword, reference(&token())),
        new_password: new_password(PASSWORD),
        device_token: None,
        client: client(),
    }
}

/// Storage with a connection that looks up the token's row, and then its account.
fn finding(row: Option<OneTimeToken>, user: Option<User>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.one_time_tokens
            .expect_find()
            .with(eq(PURPOSE), eq(reference(&token())))
            .once()
            .return_once(|_, _| Ok(row));
        db.users.expect_find().with(eq(ann_id())).return_once(|_| Ok(user));
    })
}

fn expect_consume(db: &mut MockRepositories, outcome: Option<OneTimeToken>) {
    db.one_time_tokens
        .expect_consume()
        .with(eq(PURPOSE), eq(reference(&token())), eq(NOW))
        .once()
        .return_once(|_, _, _| Ok(outcome));
}

/// Adds the unit of work of a successful reset.
fn resetting(storage: MockStorage) -> MockStorage {
    storage.on_begin(expect_reset)
}

fn expect_reset(db: &mut MockRepositories) {
    expect_consume(db, Some(OneTimeToken { used_at: Some(NOW), ..token() }));
    db.users
        .expect_set_password()
        .withf(|user, new| {
            let from = Some(client().ip_prefix());
            (*user, new.hash.expose(), new.from, new.at) == (ann_id(), "a hash", from, NOW)
        })
        .once()
        .returning(|_, _| Ok(Some(5)));
    db.users
        .expect_verify_email()
        .with(eq(ann_id()), eq(ann().email), eq(NOW))
        .once()
        .returning(|_, _, _| Ok(true));
    db.sessions
        .expect_end_all()
        .with(eq(ann_id()), eq(None), eq(SessionEndReason::PasswordReset), eq(NOW))
        .once()
        .returning(|_, _, _, _| Ok(2));
    expect_mail(db, "ann@example.com", MailKind::PasswordChanged);
    expect_audit(db, AuditKind::PasswordReset, None);
}

/// A limiter in which a hash of Ann's reset is left.
fn allowing() -> MockRateLimiter {
    limiting(Ok(()), Some(Ok(())))
}

/// A limiter with these budgets of Ann's links and, unless those are exhausted, of the network.
fn limiting(
    account: Result<(), RetryAfter>,
    network: Option<Result<(), RetryAfter>>,
) -> MockRateLimiter {
    const LIMIT: Limit = Limit::RecognizedHashes;
    let mut limiter = MockRateLimiter::new();
    let key = format!("reset:{}", ann_id());
    limiter
        .expect_take()
        .withf(move |limit, taken| *limit == LIMIT && *taken == key)
        .once()
        .returning(move |_, _| account);
    if let Some(network) = network {
        let bucket = Bucket { limit: LIMIT, key: "reset@192.0.2.1".to_owned(), times: 6 };
        limiter
            .expect_take_any()
            .with(eq(vec![vec![bucket]]))
            .once()
            .returning(move |groups| network.map(|()| groups.concat()));
    }
    limiter
}

async fn reset(storage: &MockStorage) -> Result<PlainToken, ResetPasswordError> {
    let hasher = hashing(PASSWORD, "a hash");
    let world = World { hasher, limiter: allowing(), ..World::new(storage) };
    world.application().password.reset.run(command()).await
}

/// Asserts that a token is rejected. Nothing is hashed, and no unit of work begins.
async fn assert_rejected(row: Option<OneTimeToken>, user: User) {
    let app = World::new(&finding(row, Some(user))).application();
    assert_fails!(app.password.reset.run(command()).await, ResetPasswordError::Rejected);
}

/// Asserts that a password is rejected. Nothing is hashed, and no unit of work begins, so the token stays valid.
async fn assert_too_common(world: World, password: &str) {
    let command = ResetPasswordCommand { new_password: new_password(password), ..command() };
    let outcome = world.application().password.reset.run(command).await;
    assert_fails!(outcome, ResetPasswordError::PasswordTooCommon);
}

#[tokio::test]
async fn password_reset_ends_every_session_in_one_commit() {
    let storage = resetting(finding(Some(token()), Some(ann())));
    let device = reset(&storage).await.unwrap();
    assert_eq!(storage.commits(), 1);
    // The device token is bound to the account and its new password, not to a session.
    let expected = TokenRef { id: ann_id().as_uuid(), counter: 5 };
    assert_eq!(device.expose(), opaque_token(TokenPurpose::Device, expected));
}

#[tokio::test]
async fn common_password_does_not_use_the_reset_token() {
    let storage = finding(Some(token()), Some(ann()));
    let world = World { blocklist: blocking("password123"), ..World::new(&storage) };
    assert_too_common(world, "password123").await;
}

#[tokio::test]
async fn password_made_of_the_accounts_words_does_not_use_the_reset_token() {
    let storage = finding(Some(token()), Some(ann()));
    assert_too_common(World::new(&storage), "ann@example.com").await;
}

#[tokio::test]
async fn reset_token_used_during_hashing_stores_nothing() {
    let storage = finding(Some(token()), Some(ann())).on_begin(|db| expect_consume(db, None));
    assert_fails!(reset(&storage).await, ResetPasswordError::Rejected);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn used_token_is_rejected() {
    assert_rejected(Some(OneTimeToken { used_at: Some(NOW), ..token() }), ann()).await;
}

#[tokio::test]
async fn expired_token_is_rejected() {
    assert_rejected(Some(OneTimeToken { expires_at: NOW, ..token() }), ann()).await;
}

#[tokio::test]
async fn older_token_is_rejected() {
    assert_rejected(Some(OneTimeToken { counter: token().counter + 1, ..token() }), ann()).await;
}

#[tokio::test]
async fn token_without_a_row_is_rejected() {
    assert_rejected(None, ann()).await;
}

#[tokio::test]
async fn disabled_account_cannot_reset_its_password() {
    assert_rejected(Some(token()), disabled()).await;
}

#[tokio::test]
async fn reset_token_sent_to_a_former_email_address_is_rejected() {
    assert_rejected(Some(token()), User { email: email("ann@example.org"), ..ann() }).await;
}

#[tokio::test]
async fn token_of_a_deleted_account_is_rejected() {
    let app = World::new(&finding(Some(token()), None)).application();
    assert_fails!(app.password.reset.run(command()).await, ResetPasswordError::Rejected);
}

#[tokio::test]
async fn forged_token_costs_no_query() {
    let verification = opaque_token(TokenPurpose::VerifyEmail, reference(&token()));
    for token in ["forged".to_owned(), verification] {
        let app = World::without_storage().application();
        let outcome = app.password.reset.run(ResetPasswordCommand { token, ..command() }).await;
        assert_fails!(outcome, ResetPasswordError::Rejected);
    }
}

/// Concurrent requests with one token are hashed before any of them uses the token up.
#[tokio::test]
async fn hashes_of_one_reset_token_go_first_only_within_their_budget() {
    let exhausted = RetryAfter(Duration::from_secs(6));
    for (budget, priority) in
        [(Ok(()), Priority::Recognized), (Err(exhausted), Priority::Unrecognized)]
    {
        let limiter = limiting(Ok(()), Some(budget));
        let mut hasher = MockPasswordHasher::new();
        hasher
            .expect_hash()
            .withf(move |_, given| *given == priority)
            .once()
            .returning(|_, _| Err(HashError::Busy));
        let storage = finding(Some(token()), Some(ann()));
        let app = World { hasher, limiter, ..World::new(&storage) }.application();
        let outcome = app.password.reset.run(command()).await;
        assert_fails!(outcome, ResetPasswordError::Failure(CommonError::Busy));
    }
}

/// Only holders of the account's links spend this budget.
#[tokio::test]
async fn passwords_sent_with_the_links_of_an_account_are_limited() {
    let exhausted = RetryAfter(Duration::from_secs(6));
    let limiter = limiting(Err(exhausted), None);
    let storage = finding(Some(token()), Some(ann()));
    let app = World { limiter, ..World::new(&storage) }.application();
    let outcome = app.password.reset.run(command()).await;
    assert_fails!(outcome, ResetPasswordError::TooManyRequests(retry) if retry == exhausted);
}

#[tokio::test]
async fn overloaded_hasher_fails_before_a_unit_of_work_begins() {
    let storage = finding(Some(token()), Some(ann()));
    let hasher = failing(HashError::Busy);
    let app = World { hasher, limiter: allowing(), ..World::new(&storage) }.application();
    let outcome = app.password.reset.run(command()).await;
    assert_fails!(outcome, ResetPasswordError::Failure(CommonError::Busy));
}

#[tokio::test]
async fn broken_hasher_is_reported_as_a_failure() {
    let hasher = failing(HashError::Failed("out of memory".into()));
    let storage = finding(Some(token()), Some(ann()));
    let app = World { hasher, limiter: allowing(), ..World::new(&storage) }.application();
    let outcome = app.password.reset.run(command()).await;
    assert_fails!(outcome, ResetPasswordError::Failure(CommonError::Hasher(_)));
}

#[tokio::test]
async fn unavailable_storage_is_reported_as_a_failure() {
    let outcome = World::without_storage().application().password.reset.run(command()).await;
    assert_fails!(outcome, ResetPasswordError::Failure(CommonError::Storage(_)));
}

fn provisional() -> User {
    User { is_provisional: true, verified_at: None, ..ann() }
}

/// Expects that what another user may have put into the account is discarded, and that it gets a new organization.
fn expect_discard(db: &mut MockRepositories) {
    db.memberships.expect_lock_for_user().with(eq(ann_id())).once().returning(|_| Ok(()));
    db.users.expect_find().with(eq(ann_id())).once().returning(|_| Ok(Some(provisional())));
    let belongs = |id, others, other_owners| UserMembership {
        org: workspace(id, Role::Owner).org,
        role: Role::Owner,
        other_members: others,
        other_owners,
    };
    let all = vec![belongs(acme(), 0, 0), belongs(globex(), 1, 1)];
    db.memberships.expect_list_for_user().with(eq(ann_id())).once().return_once(|_| Ok(all));
    db.orgs.expect_delete().with(eq(acme())).once().returning(|_| Ok(true));
    db.memberships
        .expect_remove()
        .with(eq(globex()), eq(ann_id()))
        .once()
        .returning(|_, _| Ok(true));
    db.orgs
        .expect_insert()
        .withf(|org| (org.kind, org.name.as_str()) == (OrgKind::Personal, "Ann.Lee's workspace"))
        .once()
        .returning(|_| Ok(()));
    db.memberships
        .expect_insert()
        .withf(|it| (it.user_id, it.role, it.joined_at) == (ann_id(), Role::Owner, NOW))
        .once()
        .returning(|_| Ok(true));
    let is_new = |change: &ProfileChange| {
        matches!(change.default_org, Change::Set(_))
            && matches!(change.full_name, Change::Clear)
            && matches!(change.bio, Change::Clear)
            && matches!(change.settings, Change::Clear)
    };
    db.users
        .expect_update_profile()
        .withf(move |id, change, now| (*id, *now) == (ann_id(), NOW) && is_new(change))
        .once()
        .returning(|_, _, _| Ok(Some(ann())));
    db.users
        .expect_set_platform_admin()
        .with(eq(ann_id()), eq(false), eq(NOW))
        .once()
        .returning(|_, _, _| Ok(false));
    expect_audit(db, AuditKind::AccountReclaimed, None);
}

#[tokio::test]
async fn provisional_account_loses_what_it_has_when_its_password_is_reset() {
    let storage = finding(Some(token()), Some(provisional()));
    let storage = storage.on_begin(|db| {
        expect_discard(db);
        expect_reset(db);
    });
    reset(&storage).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

/// The user of a browser that was signed in to the account is the one who registered it.
#[tokio::test]
async fn provisional_account_keeps_what_it_has_when_a_known_device_resets_the_password() {
    let device = TokenRef { id: session_id().as_uuid(), counter: 1 };
    let device_token = Some(opaque_token(TokenPurpose::Device, device));
    for (user_id, discards) in [(ann_id(), false), (bob_id(), true)] {
        let storage = finding(Some(token()), Some(provisional()));
        let storage = storage.on_connect(|db| {
            let found = session_context();
            let user = User { id: user_id, ..found.user };
            db.sessions
                .expect_find_with_user()
                .with(eq(session_id()), eq(None))
                .once()
                .return_once(move |_, _| Ok(Some(SessionContext { user, ..found })));
        });
        let storage = storage.on_begin(|db| {
            if discards {
                expect_discard(db);
            }
            expect_reset(db);
        });
        let hasher = hashing(PASSWORD, "a hash");
        let world = World { hasher, limiter: allowing(), ..World::new(&storage) };
        let command = ResetPasswordCommand { device_token: device_token.clone(), ..command() };
        world.application().password.reset.run(command).await.unwrap();
        assert_eq!(storage.commits(), 1);
    }
}
