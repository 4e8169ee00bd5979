use doorward_application::{
    CommonError,
    access::denied::Forbidden,
    account::register::{RegisterCommand, RegisterError, RegisterIssue},
    sign_in::complete::SignedIn,
};
use doorward_domain::{
    account::username::Username,
    mock::MockStorage,
    org::invite::Invite,
    ports::{HashError, InsertUserError, StorageError},
};

use super::{PASSWORD, command, issues, register, unit::writing};
use crate::support::{
    World, assert_fails, blocking, email, failing, hashing, invite, invite_token, keyless,
    new_password,
};

/// Returns the issues of a command. Nothing is hashed.
async fn wrong_with(world: World, command: RegisterCommand) -> Vec<RegisterIssue> {
    issues(world.application().account.register.run(command).await)
}

/// Registers, if the database finds these taken.
async fn conflict(email: bool, username: bool) -> Result<SignedIn, RegisterError> {
    let (storage, _) = writing(MockStorage::default(), |db| {
        db.users
            .expect_insert()
            .once()
            .returning(move |_, _| Err(InsertUserError::Taken { email, username }));
    });
    let outcome = register(&storage, command()).await;
    assert_eq!(storage.commits(), 0);
    outcome
}

/// Returns the issues, if the database finds these taken.
async fn taken(email: bool, username: bool) -> Vec<RegisterIssue> {
    issues(conflict(email, username).await)
}

#[tokio::test]
async fn closed_registration_hashes_no_password() {
    let mut world = World::without_storage();
    world.settings.allow_registration = false;
    let outcome = world.application().account.register.run(command()).await;
    assert_fails!(outcome, RegisterError::Forbidden(Forbidden::REGISTER));
}

#[tokio::test]
async fn taken_email_address_stores_nothing() {
    assert_eq!(taken(true, false).await, [RegisterIssue::EmailTaken]);
}

#[tokio::test]
async fn taken_username_stores_nothing() {
    assert_eq!(taken(false, true).await, [RegisterIssue::UsernameTaken]);
}

#[tokio::test]
async fn taken_email_address_and_username_are_both_reported() {
    let both = [RegisterIssue::EmailTaken, RegisterIssue::UsernameTaken];
    assert_eq!(taken(true, true).await, both);
}

/// The other account was deleted before the database could report which of the two was taken.
#[tokio::test]
async fn conflict_that_no_longer_exists_is_reported_as_retryable() {
    assert_fails!(conflict(false, false).await, RegisterError::Failure(CommonError::Busy));
}

#[tokio::test]
async fn common_password_is_rejected() {
    let world = World { blocklist: blocking(PASSWORD), ..World::without_storage() };
    assert_eq!(wrong_with(world, command()).await, [RegisterIssue::PasswordTooCommon]);
}

#[tokio::test]
async fn password_made_of_the_accounts_own_words_is_rejected() {
    for own in ["ann@example.com", "ANN.LEE12"] {
        let command = RegisterCommand {
            username: Username::parse("Ann.Lee12").unwrap(),
            password: new_password(own),
            ..command()
        };
        let found = wrong_with(World::without_storage(), command).await;
        assert_eq!(found, [RegisterIssue::PasswordTooCommon], "{own}");
    }
}

#[tokio::test]
async fn all_issues_are_reported_at_once_in_the_order_of_the_fields() {
    let other = Invite { email: email("bob@example.com"), ..invite() };
    for (found, expected) in [
        (Some(other), [RegisterIssue::InviteEmailMismatch, RegisterIssue::PasswordTooCommon]),
        (None, [RegisterIssue::PasswordTooCommon, RegisterIssue::InviteInvalid]),
    ] {
        let storage = MockStorage::default().on_connect(|db| {
            db.invites.expect_find().once().return_once(|_| Ok(found));
        });
        let world = World { blocklist: blocking(PASSWORD), ..World::new(&storage) };
        let command = RegisterCommand { invite_token: Some(invite_token()), ..command() };
        assert_eq!(wrong_with(world, command).await, expected);
    }
}

/// Storage is unavailable, but never used.
#[tokio::test]
async fn overloaded_hasher_fails_before_a_unit_of_work_begins() {
    let world = World { hasher: failing(HashError::Busy), ..World::without_storage() };
    let outcome = world.application().account.register.run(command()).await;
    assert_fails!(outcome, RegisterError::Failure(CommonError::Busy));
}

#[tokio::test]
async fn broken_hasher_is_reported_as_a_failure() {
    let hasher = failing(HashError::Failed("out of memory".into()));
    let world = World { hasher, ..World::without_storage() };
    let outcome = world.application().account.register.run(command()).await;
    assert_fails!(outcome, RegisterError::Failure(CommonError::Hasher(_)));
}

#[tokio::test]
async fn missing_signing_key_stores_nothing() {
    let (storage, _) = writing(MockStorage::default(), |_| {});
    let world = World {
        hasher: hashing(PASSWORD, "a hash"),
        access_tokens: keyless(),
        ..World::new(&storage)
    };
    let outcome = world.application().account.register.run(command()).await;
    assert_fails!(outcome, RegisterError::Failure(CommonError::Signing(_)));
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn storage_failure_midway_stores_nothing() {
    let (storage, _) = writing(MockStorage::default(), |db| {
        let away = || StorageError::Unavailable("gone".into());
        db.sessions.expect_open().once().returning(move |_| Err(away()));
    });
    let outcome = register(&storage, command()).await;
    assert_fails!(outcome, RegisterError::Failure(CommonError::Storage(_)));
    assert_eq!(storage.commits(), 0);
}
