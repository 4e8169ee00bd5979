use doorward_application::admin::create_user::{CreateUserCommand, CreateUserError};
use doorward_domain::{
    account::username::Username,
    audit::AuditKind,
    mail::MailKind,
    mock::{MockRepositories, MockStorage},
    org::role::Role,
    ports::InsertUserError,
};

use crate::support::{NOW, World, assert_fails, blocking, email, hashing, idle, new_password};

fn command() -> CreateUserCommand {
    CreateUserCommand {
        email: email("bob@example.com"),
        username: None,
        full_name: None,
        password: Some(new_password("a new password")),
        is_verified: true,
        is_platform_admin: false,
    }
}

fn bare() -> CreateUserCommand {
    CreateUserCommand { password: None, ..command() }
}

/// Expects that the account is stored with an organization that it owns, this email, if any, and these audit events.
fn expect_made(db: &mut MockRepositories, mail: Option<MailKind>, entries: &[AuditKind]) {
    db.orgs.expect_insert().once().returning(|_| Ok(()));
    db.users
        .expect_insert()
        .withf(|user, hash| user.has_password == hash.is_some() && user.default_org.is_some())
        .once()
        .returning(|_, _| Ok(()));
    db.memberships
        .expect_insert()
        .withf(|membership| membership.role == Role::Owner && membership.joined_at == NOW)
        .once()
        .returning(|_| Ok(true));
    if let Some(subject) = mail {
        crate::support::expect_mail(db, "bob@example.com", subject);
    }
    for kind in entries.iter().copied() {
        db.audit
            .expect_record()
            .withf(move |event| event.kind == kind && event.user_id.is_some())
            .once()
            .returning(|_| Ok(()));
    }
}

fn taken(email: bool, username: bool) -> impl Fn(&mut MockRepositories) {
    move |db| {
        db.orgs.expect_insert().once().returning(|_| Ok(()));
        db.users
            .expect_insert()
            .once()
            .returning(move |_, _| Err(InsertUserError::Taken { email, username }));
    }
}

#[tokio::test]
async fn administrator_is_created_in_one_unit_of_work() {
    let entries = [AuditKind::AccountCreated, AuditKind::AdminGranted];
    let storage = MockStorage::default().on_begin(move |db| expect_made(db, None, &entries));
    let hasher = hashing("a new password", "a hash");
    let app = World { hasher, ..World::new(&storage) }.application();
    let command = CreateUserCommand { is_platform_admin: true, ..command() };
    let user = app.admin.create_user.run(command).await.unwrap();
    assert_eq!((user.username.as_str(), user.verified_at), ("bob", Some(NOW)));
    assert!(user.is_platform_admin && user.has_password);
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn created_user_is_sent_the_email_they_need() {
    for (password, is_verified, mail) in [
        (true, false, MailKind::VerificationRequested),
        (false, false, MailKind::ResetRequested),
        (false, true, MailKind::ResetRequested),
    ] {
        let entries = [AuditKind::AccountCreated];
        let made = move |db: &mut MockRepositories| expect_made(db, Some(mail), &entries);
        let storage = MockStorage::default().on_begin(made);
        let hasher = if password { hashing("a new password", "a hash") } else { idle() };
        let app = World { hasher, ..World::new(&storage) }.application();
        let made = if password { command() } else { bare() };
        app.admin.create_user.run(CreateUserCommand { is_verified, ..made }).await.unwrap();
        assert_eq!(storage.commits(), 1);
    }
}

#[tokio::test]
async fn derived_username_gets_a_number_if_it_is_taken() {
    let entries = [AuditKind::AccountCreated];
    let storage = MockStorage::default().on_begin(taken(false, true)).on_begin(move |db| {
        expect_made(db, Some(MailKind::ResetRequested), &entries);
    });
    let user = World::new(&storage).application().admin.create_user.run(bare()).await.unwrap();
    assert!(user.username.as_str().starts_with("bob-"), "{user:?}");
}

#[tokio::test]
async fn taken_email_address_or_username_is_reported() {
    let storage = MockStorage::default().on_begin(taken(true, true));
    let outcome = World::new(&storage).application().admin.create_user.run(bare()).await;
    assert_fails!(outcome, CreateUserError::EmailTaken);
    let storage = MockStorage::default().on_begin(taken(false, true));
    let named = CreateUserCommand { username: Some(Username::parse("bob").unwrap()), ..bare() };
    let outcome = World::new(&storage).application().admin.create_user.run(named).await;
    assert_fails!(outcome, CreateUserError::UsernameTaken);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn guessable_password_is_rejected_before_storage_is_used() {
    for password in ["password", "bob@example.com"] {
        let blocklist = blocking("password");
        let app = World { blocklist, ..World::without_storage() }.application();
        let command = CreateUserCommand { password: Some(new_password(password)), ..command() };
        assert_fails!(app.admin.create_user.run(command).await, CreateUserError::PasswordTooCommon);
    }
}
