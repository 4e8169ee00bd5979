//! Notices to the owner of an email address that another user tries to register.

use doorward_application::account::register::{RegisterCommand, RegisterIssue};
use doorward_domain::{
    account::user::User,
    mail::MailKind,
    mock::MockStorage,
    ports::{InsertUserError, StorageError},
};
use mockall::predicate::eq;

use super::{command, issues, register, unit::writing};
use crate::support::{NOW, ann, disabled, email, invite, invite_token};

/// Adds a unit of work that finds these taken.
fn conflicting(storage: MockStorage, email: bool, username: bool) -> MockStorage {
    let (storage, _) = writing(storage, |db| {
        db.users
            .expect_insert()
            .once()
            .returning(move |_, _| Err(InsertUserError::Taken { email, username }));
    });
    storage
}

/// Adds a connection that looks up the owner, and queues a notice if `told`.
fn notifying(storage: MockStorage, owner: Option<User>, told: bool) -> MockStorage {
    storage.on_connect(|db| {
        db.users.expect_find_by_email().with(eq(command().email)).once().return_once(|_| Ok(owner));
        db.outbox
            .expect_enqueue_once_a_day()
            .withf(|mail| {
                (&mail.to, mail.subject, mail.created_at, mail.attempts)
                    == (&email("Ann@example.com"), MailKind::AddressTaken, NOW, 0)
            })
            .times(usize::from(told))
            .returning(|_| Ok(true));
    })
}

/// Ann, with her email address as she typed it when she registered.
fn owner() -> User {
    User { email: email("Ann@example.com"), ..ann() }
}

async fn assert_taken(storage: &MockStorage, command: RegisterCommand) {
    assert_eq!(issues(register(storage, command).await), [RegisterIssue::EmailTaken]);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn owner_of_a_taken_email_address_is_notified_at_the_stored_address() {
    let storage = conflicting(MockStorage::default(), true, false);
    assert_taken(&notifying(storage, Some(owner()), true), command()).await;
}

#[tokio::test]
async fn owner_of_a_taken_email_address_is_notified_despite_an_invite() {
    let storage = MockStorage::default().on_connect(|db| {
        db.invites.expect_find().once().return_once(|_| Ok(Some(invite())));
    });
    let storage = notifying(conflicting(storage, true, false), Some(owner()), true);
    let command = RegisterCommand { invite_token: Some(invite_token()), ..command() };
    assert_taken(&storage, command).await;
}

#[tokio::test]
async fn disabled_or_deleted_owner_is_not_notified() {
    for owner in [Some(disabled()), None] {
        let storage = conflicting(MockStorage::default(), true, false);
        assert_taken(&notifying(storage, owner, false), command()).await;
    }
}

/// The mocks expect neither a message nor a connection, so either would fail the test.
#[tokio::test]
async fn taken_username_sends_no_notice() {
    let storage = conflicting(MockStorage::default(), false, true);
    let storage = storage.on_connect(|_| {});
    let outcome = register(&storage, command()).await;
    assert_eq!(issues(outcome), [RegisterIssue::UsernameTaken]);
}

#[tokio::test]
async fn outcome_is_the_same_if_the_owner_cannot_be_notified() {
    let storage = conflicting(MockStorage::default(), true, false).on_connect(|db| {
        db.users.expect_find_by_email().once().return_once(|_| Ok(Some(ann())));
        let away = || StorageError::Unavailable("gone".into());
        db.outbox.expect_enqueue_once_a_day().once().returning(move |_| Err(away()));
    });
    assert_taken(&storage, command()).await;
    // The same if there is no connection.
    assert_taken(&conflicting(MockStorage::default(), true, false), command()).await;
}
