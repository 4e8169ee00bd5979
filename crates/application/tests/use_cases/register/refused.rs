use doorward_application::{
    Failure,
    authorize::Forbidden,
    register::{RegisterCommand, RegisterError, RegisterIssue, SignedIn},
};
use doorward_domain::{
    invite::Invite,
    mock::MockStorage,
    ports::{HashError, InsertUserError, StorageError},
    username::Username,
};

use super::{PASSWORD, command, issues, register, unit::writing};
use crate::support::{
    World, assert_fails, blocking, email, failing, hashing, invite, invite_token, keyless,
    new_password,
};

/// What is wrong with a command; nothing is hashed to find out.
async fn wrong_with(world: World, command: RegisterCommand) -> Vec<RegisterIssue> {
    issues(world.application().register.run(command).await)
}

/// What comes of it if the database finds these taken.
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

/// What is wrong if the database finds these taken.
async fn taken(email: bool, username: bool) -> Vec<RegisterIssue> {
    issues(conflict(email, username).await)
}

#[tokio::test]
async fn a_closed_registration_hashes_nothing() {
    let mut world = World::without_storage();
    world.settings.allow_registration = false;
    let outcome = world.application().register.run(command()).await;
    assert_fails!(outcome, RegisterError::Forbidden(Forbidden::REGISTER));
}

#[tokio::test]
async fn a_taken_address_leaves_nothing_behind() {
    assert_eq!(taken(true, false).await, [RegisterIssue::EmailTaken]);
}

#[tokio::test]
async fn a_taken_name_leaves_nothing_behind() {
    assert_eq!(taken(false, true).await, [RegisterIssue::UsernameTaken]);
}

#[tokio::test]
async fn both_may_be_taken() {
    let both = [RegisterIssue::EmailTaken, RegisterIssue::UsernameTaken];
    assert_eq!(taken(true, true).await, both);
}

/// Whoever had it is gone before the database could say which of the two it was.
#[tokio::test]
async fn what_is_no_longer_taken_is_worth_another_try() {
    assert_fails!(conflict(false, false).await, RegisterError::Failure(Failure::Busy));
}

#[tokio::test]
async fn a_common_password_is_refused() {
    let world = World { blocklist: blocking(PASSWORD), ..World::without_storage() };
    assert_eq!(wrong_with(world, command()).await, [RegisterIssue::PasswordTooCommon]);
}

#[tokio::test]
async fn the_accounts_own_words_are_no_password() {
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
async fn all_that_is_wrong_is_said_at_once_in_the_order_of_the_fields() {
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

/// Storage is away, and nobody notices.
#[tokio::test]
async fn a_busy_hasher_begins_no_unit_of_work() {
    let world = World { hasher: failing(HashError::Busy), ..World::without_storage() };
    let outcome = world.application().register.run(command()).await;
    assert_fails!(outcome, RegisterError::Failure(Failure::Busy));
}

#[tokio::test]
async fn a_broken_hasher_is_a_failure() {
    let hasher = failing(HashError::Failed("out of memory".into()));
    let world = World { hasher, ..World::without_storage() };
    let outcome = world.application().register.run(command()).await;
    assert_fails!(outcome, RegisterError::Failure(Failure::Hasher(_)));
}

#[tokio::test]
async fn a_signer_without_a_key_leaves_nothing_behind() {
    let (storage, _) = writing(MockStorage::default(), |_| {});
    let world = World {
        hasher: hashing(PASSWORD, "a hash"),
        access_tokens: keyless(),
        ..World::new(&storage)
    };
    let outcome = world.application().register.run(command()).await;
    assert_fails!(outcome, RegisterError::Failure(Failure::Signing(_)));
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn storage_that_goes_away_half_way_leaves_nothing_behind() {
    let (storage, _) = writing(MockStorage::default(), |db| {
        let away = || StorageError::Unavailable("gone".into());
        db.sessions.expect_open().once().returning(move |_| Err(away()));
    });
    let outcome = register(&storage, command()).await;
    assert_fails!(outcome, RegisterError::Failure(Failure::Storage(_)));
    assert_eq!(storage.commits(), 0);
}
