use doorward_application::{
    Failure,
    reset_password::{ResetPasswordCommand, ResetPasswordError},
};
use doorward_domain::{
    audit::AuditKind,
    mail::MailSubject,
    membership::Belonging,
    mock::{MockRepositories, MockStorage},
    one_time_token::{OneTimePurpose, OneTimeToken},
    org::OrgKind,
    ports::HashError,
    profile::{Change, ProfileChange},
    role::Role,
    session::{SessionEnd, Standing},
    token::{PlainToken, TokenPurpose, TokenRef},
    user::User,
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, acme, ann, ann_id, assert_fails, blocking, bob_id, client, disabled, email,
    expect_audit, expect_mail, failing, globex, hashing, new_password, one_time_token,
    opaque_token, reference, session_id, standing, workspace,
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

/// The connection on which the token's row, and then its account, are looked up.
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

/// The unit of work in which all comes together.
fn resetting(storage: MockStorage) -> MockStorage {
    storage.on_begin(expect_reset)
}

fn expect_reset(db: &mut MockRepositories) {
    expect_consume(db, Some(OneTimeToken { used_at: Some(NOW), ..token() }));
    db.users
        .expect_set_password()
        .withf(|user, new| {
            let from = Some(client().network());
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
        .with(eq(ann_id()), eq(None), eq(SessionEnd::PasswordReset), eq(NOW))
        .once()
        .returning(|_, _, _, _| Ok(2));
    expect_mail(db, "ann@example.com", MailSubject::PasswordChanged);
    expect_audit(db, AuditKind::PasswordReset, None);
}

async fn reset(storage: &MockStorage) -> Result<PlainToken, ResetPasswordError> {
    let world = World { hasher: hashing(PASSWORD, "a hash"), ..World::new(storage) };
    world.application().reset_password.run(command()).await
}

/// Nothing is hashed, and no unit of work is begun.
async fn assert_rejected(row: Option<OneTimeToken>, user: User) {
    let app = World::new(&finding(row, Some(user))).application();
    assert_fails!(app.reset_password.run(command()).await, ResetPasswordError::Rejected);
}

/// Nothing is hashed, and no unit of work is begun, so the token is as good as before.
async fn assert_too_common(world: World, password: &str) {
    let command = ResetPasswordCommand { new_password: new_password(password), ..command() };
    let outcome = world.application().reset_password.run(command).await;
    assert_fails!(outcome, ResetPasswordError::PasswordTooCommon);
}

#[tokio::test]
async fn the_password_is_set_and_every_session_ended_in_one_commit() {
    let storage = resetting(finding(Some(token()), Some(ann())));
    let device = reset(&storage).await.unwrap();
    assert_eq!(storage.commits(), 1);
    // It is bound to the account and its new password, and to no session.
    let expected = TokenRef { row: ann_id().as_uuid(), counter: 5 };
    assert_eq!(device.expose(), opaque_token(TokenPurpose::Device, expected));
}

#[tokio::test]
async fn a_common_password_leaves_the_token_unused() {
    let storage = finding(Some(token()), Some(ann()));
    let world = World { blocklist: blocking("password123"), ..World::new(&storage) };
    assert_too_common(world, "password123").await;
}

#[tokio::test]
async fn the_accounts_own_words_leave_the_token_unused() {
    let storage = finding(Some(token()), Some(ann()));
    assert_too_common(World::new(&storage), "ann@example.com").await;
}

#[tokio::test]
async fn a_token_that_was_used_during_the_hash_leaves_nothing_behind() {
    let storage = finding(Some(token()), Some(ann())).on_begin(|db| expect_consume(db, None));
    assert_fails!(reset(&storage).await, ResetPasswordError::Rejected);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn a_used_token_is_rejected() {
    assert_rejected(Some(OneTimeToken { used_at: Some(NOW), ..token() }), ann()).await;
}

#[tokio::test]
async fn an_expired_token_is_rejected() {
    assert_rejected(Some(OneTimeToken { expires_at: NOW, ..token() }), ann()).await;
}

#[tokio::test]
async fn the_newest_token_wins() {
    assert_rejected(Some(OneTimeToken { counter: token().counter + 1, ..token() }), ann()).await;
}

#[tokio::test]
async fn a_token_without_a_row_is_rejected() {
    assert_rejected(None, ann()).await;
}

#[tokio::test]
async fn a_disabled_account_gets_no_new_password() {
    assert_rejected(Some(token()), disabled()).await;
}

#[tokio::test]
async fn a_token_sent_to_an_address_since_changed_is_rejected() {
    assert_rejected(Some(token()), User { email: email("ann@example.org"), ..ann() }).await;
}

#[tokio::test]
async fn the_token_of_an_account_that_is_gone_is_rejected() {
    let app = World::new(&finding(Some(token()), None)).application();
    assert_fails!(app.reset_password.run(command()).await, ResetPasswordError::Rejected);
}

#[tokio::test]
async fn a_forged_token_costs_no_query() {
    let verification = opaque_token(TokenPurpose::VerifyEmail, reference(&token()));
    for token in ["forged".to_owned(), verification] {
        let app = World::without_storage().application();
        let outcome = app.reset_password.run(ResetPasswordCommand { token, ..command() }).await;
        assert_fails!(outcome, ResetPasswordError::Rejected);
    }
}

#[tokio::test]
async fn a_busy_hasher_begins_no_unit_of_work() {
    let storage = finding(Some(token()), Some(ann()));
    let app = World { hasher: failing(HashError::Busy), ..World::new(&storage) }.application();
    let outcome = app.reset_password.run(command()).await;
    assert_fails!(outcome, ResetPasswordError::Failure(Failure::Busy));
}

#[tokio::test]
async fn a_broken_hasher_is_a_failure() {
    let hasher = failing(HashError::Failed("out of memory".into()));
    let storage = finding(Some(token()), Some(ann()));
    let app = World { hasher, ..World::new(&storage) }.application();
    let outcome = app.reset_password.run(command()).await;
    assert_fails!(outcome, ResetPasswordError::Failure(Failure::Hasher(_)));
}

#[tokio::test]
async fn nothing_is_judged_while_storage_is_away() {
    let outcome = World::without_storage().application().reset_password.run(command()).await;
    assert_fails!(outcome, ResetPasswordError::Failure(Failure::Storage(_)));
}

fn provisional() -> User {
    User { is_provisional: true, verified_at: None, ..ann() }
}

/// What is discarded of an account that someone else may have registered, and what it begins anew with.
fn expect_discard(db: &mut MockRepositories) {
    db.memberships.expect_hold().with(eq(ann_id())).once().returning(|_| Ok(()));
    db.users.expect_find().with(eq(ann_id())).once().returning(|_| Ok(Some(provisional())));
    let belongs = |id, others, other_owners| Belonging {
        org: workspace(id, Role::Owner).org,
        role: Role::Owner,
        others,
        other_owners,
    };
    let all = vec![belongs(acme(), 0, 0), belongs(globex(), 1, 1)];
    db.memberships.expect_of().with(eq(ann_id())).once().return_once(|_| Ok(all));
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

/// A user who was signed in to the account with this browser has registered it.
#[tokio::test]
async fn provisional_account_keeps_what_it_has_when_a_device_of_it_resets_the_password() {
    let device = TokenRef { row: session_id().as_uuid(), counter: 1 };
    let device_token = Some(opaque_token(TokenPurpose::Device, device));
    for (user_id, discards) in [(ann_id(), false), (bob_id(), true)] {
        let storage = finding(Some(token()), Some(provisional()));
        let storage = storage.on_connect(|db| {
            let found = standing();
            let user = User { id: user_id, ..found.user };
            db.sessions
                .expect_standing()
                .with(eq(session_id()), eq(None))
                .once()
                .return_once(move |_, _| Ok(Some(Standing { user, ..found })));
        });
        let storage = storage.on_begin(|db| {
            if discards {
                expect_discard(db);
            }
            expect_reset(db);
        });
        let world = World { hasher: hashing(PASSWORD, "a hash"), ..World::new(&storage) };
        let command = ResetPasswordCommand { device_token: device_token.clone(), ..command() };
        world.application().reset_password.run(command).await.unwrap();
        assert_eq!(storage.commits(), 1);
    }
}
