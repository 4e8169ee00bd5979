use doorward_application::{CommonError, sessions::logout::LogoutError};
use doorward_domain::{audit::AuditKind, mock::MockStorage, session::SessionEndReason};
use mockall::predicate::eq;

use crate::support::{NOW, World, acme, ann_id, assert_fails, caller, expect_audit, session_id};

/// A unit of work in which the session ends, or has already ended.
fn ending(ended: bool) -> MockStorage {
    MockStorage::default().on_begin(|db| {
        db.sessions
            .expect_end()
            .with(eq(ann_id()), eq(session_id()), eq(SessionEndReason::LoggedOut), eq(NOW))
            .once()
            .returning(move |_, _, _, _| Ok(ended));
        if ended {
            expect_audit(db, AuditKind::LoggedOut, Some((acme(), session_id())));
        }
    })
}

#[tokio::test]
async fn sign_out_ends_the_session_and_is_recorded() {
    let storage = ending(true);
    World::new(&storage).application().sessions.logout.run(&caller()).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn second_sign_out_succeeds_and_records_nothing() {
    let storage = ending(false);
    World::new(&storage).application().sessions.logout.run(&caller()).await.unwrap();
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn sign_out_fails_while_storage_is_unavailable() {
    let outcome = World::without_storage().application().sessions.logout.run(&caller()).await;
    assert_fails!(outcome, LogoutError::Failure(CommonError::Storage(_)));
}
