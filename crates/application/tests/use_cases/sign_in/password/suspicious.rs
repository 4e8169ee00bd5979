//! Warnings about suspicious sign-ins.

use std::sync::{Arc, Mutex};

use doorward_application::{CommonError, sign_in::password::LoginError};
use doorward_domain::{
    account::user::LoginCandidate,
    audit::AuditKind,
    mail::{MailKind, OutboxEntry},
    mock::MockStorage,
    ports::{StorageError, Verification},
};

use super::{admit, credentials, expect_entry, finding, login, opening_if, world};
use crate::support::{
    NOW, ann, ann_id, assert_fails, expect_limit_of_sessions, open_refresh_token,
};

fn after_failures(recent_failures: u32) -> LoginCandidate {
    LoginCandidate { recent_failures, ..credentials() }
}

/// The messages that were queued.
pub(super) type Warnings = Arc<Mutex<Vec<OutboxEntry>>>;

/// Adds a unit of work that opens Ann's session and queues a message for her.
pub(super) fn opening_with_warning(storage: MockStorage) -> (MockStorage, Warnings) {
    let warnings = Warnings::default();
    let written = warnings.clone();
    let storage = storage.on_begin(|db| {
        db.sessions.expect_open_by_password().once().returning(|_, _| Ok(true));
        expect_limit_of_sessions(db);
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
async fn suspicious_sign_in_queues_a_warning_email_in_the_same_commit() {
    let found = after_failures(LoginCandidate::SUSPICIOUS_FAILURES);
    let (storage, warnings) = opening_with_warning(finding("ann.lee", Some(found)));
    let signed_in = login(world(&storage, Verification::Match), "ann.lee").await.unwrap();
    assert_eq!(storage.commits(), 1);
    let session = open_refresh_token(&signed_in.tokens.refresh);
    let warning = warnings.lock().unwrap().remove(0);
    assert_eq!(warning.subject, MailKind::SuspiciousSignIn(session));
    assert_eq!((warning.to, warning.created_at, warning.attempts), (ann().email, NOW, 0));
}

#[tokio::test]
async fn sign_in_beyond_the_warning_limit_succeeds_without_another_email() {
    let found = after_failures(LoginCandidate::SUSPICIOUS_FAILURES);
    let storage = finding("ann.lee", Some(found)).on_begin(|db| {
        db.sessions.expect_open_by_password().once().returning(|_, _| Ok(true));
        expect_limit_of_sessions(db);
        expect_entry(db, AuditKind::LoggedIn, Some(ann_id()));
        db.outbox.expect_take().once().returning(|_| Ok(false));
    });
    assert!(login(world(&storage, Verification::Match), "ann.lee").await.is_ok());
    assert_eq!(storage.commits(), 1);
}

/// The mocks expect no message, so one would fail the test.
#[tokio::test]
async fn normal_sign_in_sends_no_warning_email() {
    let many = LoginCandidate::SUSPICIOUS_FAILURES;
    for found in
        [after_failures(many - 1), LoginCandidate { is_known_device: true, ..after_failures(many) }]
    {
        admit(found).await.unwrap();
    }
}

#[tokio::test]
async fn failed_sign_in_sends_no_warning_email() {
    let found = after_failures(LoginCandidate::SUSPICIOUS_FAILURES);
    let storage = opening_if(finding("ann.lee", Some(found)), false);
    let outcome = login(world(&storage, Verification::Match), "ann.lee").await;
    assert_fails!(outcome, LoginError::Rejected);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn sign_in_fails_if_its_warning_email_cannot_be_queued() {
    let found = after_failures(LoginCandidate::SUSPICIOUS_FAILURES);
    let storage = finding("ann.lee", Some(found)).on_begin(|db| {
        db.sessions.expect_open_by_password().once().returning(|_, _| Ok(true));
        expect_limit_of_sessions(db);
        expect_entry(db, AuditKind::LoggedIn, Some(ann_id()));
        let away = || StorageError::Unavailable("gone".into());
        db.outbox.expect_take().returning(move |_| Err(away()));
    });
    let outcome = login(world(&storage, Verification::Match), "ann.lee").await;
    assert_fails!(outcome, LoginError::Failure(CommonError::Storage(_)));
    assert_eq!(storage.commits(), 0);
}
