//! What the owner of an address is told that somebody else tries to register.

use doorward_application::register::{RegisterCommand, RegisterIssue};
use doorward_domain::{
    mail::MailSubject,
    mock::MockStorage,
    ports::{InsertUserError, StorageError},
    user::User,
};
use mockall::predicate::eq;

use super::{command, issues, register, unit::writing};
use crate::support::{NOW, ann, disabled, email, invite, invite_token};

/// The unit of work that finds these taken.
fn conflicting(storage: MockStorage, email: bool, username: bool) -> MockStorage {
    let (storage, _) = writing(storage, |db| {
        db.users
            .expect_insert()
            .once()
            .returning(move |_, _| Err(InsertUserError::Taken { email, username }));
    });
    storage
}

/// The connection on which the owner is looked up, and told if this is said.
fn telling(storage: MockStorage, owner: Option<User>, told: bool) -> MockStorage {
    storage.on_connect(|db| {
        db.users.expect_find_by_email().with(eq(command().email)).once().return_once(|_| Ok(owner));
        db.outbox
            .expect_enqueue_once_a_day()
            .withf(|mail| {
                (&mail.to, mail.subject, mail.created_at, mail.attempts)
                    == (&email("Ann@example.com"), MailSubject::AddressTaken, NOW, 0)
            })
            .times(usize::from(told))
            .returning(|_| Ok(true));
    })
}

/// Ann, as her address was typed when she registered.
fn owner() -> User {
    User { email: email("Ann@example.com"), ..ann() }
}

async fn assert_taken(storage: &MockStorage, command: RegisterCommand) {
    assert_eq!(issues(register(storage, command).await), [RegisterIssue::EmailTaken]);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn the_owner_of_a_taken_address_is_told_where_the_account_has_it() {
    let storage = conflicting(MockStorage::default(), true, false);
    assert_taken(&telling(storage, Some(owner()), true), command()).await;
}

#[tokio::test]
async fn the_owner_is_told_as_well_where_there_is_an_invite() {
    let storage = MockStorage::default().on_connect(|db| {
        db.invites.expect_find().once().return_once(|_| Ok(Some(invite())));
    });
    let storage = telling(conflicting(storage, true, false), Some(owner()), true);
    let command = RegisterCommand { invite_token: Some(invite_token()), ..command() };
    assert_taken(&storage, command).await;
}

#[tokio::test]
async fn whoever_can_not_use_the_account_or_has_none_any_more_is_told_nothing() {
    for owner in [Some(disabled()), None] {
        let storage = conflicting(MockStorage::default(), true, false);
        assert_taken(&telling(storage, owner, false), command()).await;
    }
}

/// The mocks know of no mail: one would be an error, and so would be a connection.
#[tokio::test]
async fn nobody_is_told_of_a_taken_name() {
    let storage = conflicting(MockStorage::default(), false, true);
    let storage = storage.on_connect(|_| {});
    let outcome = register(&storage, command()).await;
    assert_eq!(issues(outcome), [RegisterIssue::UsernameTaken]);
}

#[tokio::test]
async fn the_answer_stays_the_same_where_the_owner_can_not_be_told() {
    let storage = conflicting(MockStorage::default(), true, false).on_connect(|db| {
        db.users.expect_find_by_email().once().return_once(|_| Ok(Some(ann())));
        let away = || StorageError::Unavailable("gone".into());
        db.outbox.expect_enqueue_once_a_day().once().returning(move |_| Err(away()));
    });
    assert_taken(&storage, command()).await;
    // Or where there is no connection to be had.
    assert_taken(&conflicting(MockStorage::default(), true, false), command()).await;
}
