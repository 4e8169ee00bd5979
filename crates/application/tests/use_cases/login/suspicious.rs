//! Who is told of a sign-in.

use std::sync::{Arc, Mutex};

use doorward_application::{Failure, login::LoginError};
use doorward_domain::{
    audit::AuditKind,
    mail::{MailSubject, OutboxEntry},
    mock::MockStorage,
    ports::{StorageError, Verification},
    user::Credentials,
};

use super::{admit, credentials, expect_entry, finding, login, opening_or_not, world};
use crate::support::{NOW, ann, ann_id, assert_fails, open_refresh_token};

fn after_failures(recent_failures: u32) -> Credentials {
    Credentials { recent_failures, ..credentials() }
}

/// What was left in the outbox.
pub(super) type Warnings = Arc<Mutex<Vec<OutboxEntry>>>;

/// The unit of work in which Ann's session is opened and a mail left for her.
pub(super) fn opening_and_telling(storage: MockStorage) -> (MockStorage, Warnings) {
    let warnings = Warnings::default();
    let written = warnings.clone();
    let storage = storage.on_begin(|db| {
        db.sessions.expect_open_by_password().once().returning(|_, _| Ok(true));
        expect_entry(db, AuditKind::LoggedIn, Some(ann_id()));
        db.outbox.expect_take().times(2).returning(|_| Ok(true));
        db.outbox.expect_enqueue().once().returning(move |mail| {
            written.lock().unwrap().push(mail.clone());
            Ok(())
        });
    });
    (storage, warnings)
}

#[tokio::test]
async fn the_owner_is_told_of_a_sign_in_after_failures_in_the_same_commit() {
    let found = after_failures(Credentials::SUSPICIOUS_FAILURES);
    let (storage, warnings) = opening_and_telling(finding("ann.lee", Some(found)));
    let signed_in = login(world(&storage, Verification::Right), "ann.lee").await.unwrap();
    assert_eq!(storage.commits(), 1);
    let session = open_refresh_token(&signed_in.tokens.refresh);
    let warning = warnings.lock().unwrap().remove(0);
    assert_eq!(warning.subject, MailSubject::SuspiciousSignIn(session));
    assert_eq!((warning.to, warning.created_at, warning.attempts), (ann().email, NOW, 0));
}

#[tokio::test]
async fn owner_who_was_told_often_enough_is_signed_in_without_another_email() {
    let found = after_failures(Credentials::SUSPICIOUS_FAILURES);
    let storage = finding("ann.lee", Some(found)).on_begin(|db| {
        db.sessions.expect_open_by_password().once().returning(|_, _| Ok(true));
        expect_entry(db, AuditKind::LoggedIn, Some(ann_id()));
        db.outbox.expect_take().once().returning(|_| Ok(false));
    });
    assert!(login(world(&storage, Verification::Right), "ann.lee").await.is_ok());
    assert_eq!(storage.commits(), 1);
}

/// The mocks know of no mail: one would fail the test.
#[tokio::test]
async fn nobody_is_told_of_a_sign_in_that_is_usual() {
    let many = Credentials::SUSPICIOUS_FAILURES;
    for found in
        [after_failures(many - 1), Credentials { knows_device: true, ..after_failures(many) }]
    {
        admit(found).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_is_told_of_a_sign_in_that_came_to_nothing() {
    let found = after_failures(Credentials::SUSPICIOUS_FAILURES);
    let storage = opening_or_not(finding("ann.lee", Some(found)), false);
    let outcome = login(world(&storage, Verification::Right), "ann.lee").await;
    assert_fails!(outcome, LoginError::Rejected);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn nobody_is_signed_in_whose_owner_can_not_be_told() {
    let found = after_failures(Credentials::SUSPICIOUS_FAILURES);
    let storage = finding("ann.lee", Some(found)).on_begin(|db| {
        db.sessions.expect_open_by_password().once().returning(|_, _| Ok(true));
        expect_entry(db, AuditKind::LoggedIn, Some(ann_id()));
        let away = || StorageError::Unavailable("gone".into());
        db.outbox.expect_take().returning(move |_| Err(away()));
    });
    let outcome = login(world(&storage, Verification::Right), "ann.lee").await;
    assert_fails!(outcome, LoginError::Failure(Failure::Storage(_)));
    assert_eq!(storage.commits(), 0);
}
