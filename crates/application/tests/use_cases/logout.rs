use doorward_application::{Failure, logout::LogoutError};
use doorward_domain::{audit::AuditKind, mock::MockStorage, session::SessionEnd};
use mockall::predicate::eq;

use crate::support::{NOW, World, acme, ann_id, assert_fails, caller, expect_audit, session_id};

/// A unit of work in which the session is ended, if it had not been.
fn ending(ended: bool) -> MockStorage {
    MockStorage::default().on_begin(|db| {
        db.sessions
            .expect_end()
            .with(eq(ann_id()), eq(session_id()), eq(SessionEnd::LoggedOut), eq(NOW))
            .once()
            .returning(move |_, _, _, _| Ok(ended));
        if ended {
            expect_audit(db, AuditKind::LoggedOut, Some((acme(), session_id())));
        }
    })
}

#[tokio::test]
async fn the_session_ends_and_the_audit_trail_says_so() {
    let storage = ending(true);
    World::new(&storage).application().logout.run(&caller()).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn signing_out_twice_is_fine_and_writes_nothing_twice() {
    let storage = ending(false);
    World::new(&storage).application().logout.run(&caller()).await.unwrap();
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn nobody_is_signed_out_while_storage_is_away() {
    let outcome = World::without_storage().application().logout.run(&caller()).await;
    assert_fails!(outcome, LogoutError::Failure(Failure::Storage(_)));
}
