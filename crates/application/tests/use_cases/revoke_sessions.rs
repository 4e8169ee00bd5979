use doorward_application::revoke_sessions::RevokeSessionsError;
use doorward_domain::{audit::AuditKind, mock::MockStorage, session::SessionEnd};
use mockall::predicate::eq;

use crate::support::{NOW, World, ann_id, assert_fails, expect_operators_act, session_id};

#[tokio::test]
async fn a_session_of_a_person_is_ended_and_written_down() {
    let storage = MockStorage::default().on_begin(|db| {
        db.sessions
            .expect_end()
            .with(eq(ann_id()), eq(session_id()), eq(SessionEnd::Revoked), eq(NOW))
            .once()
            .returning(|_, _, _, _| Ok(true));
        db.audit
            .expect_record()
            .withf(|event| {
                event.kind == AuditKind::SessionRevoked && event.session_id == Some(session_id())
            })
            .once()
            .returning(|_| Ok(()));
    });
    let app = World::new(&storage).application();
    app.revoke_sessions.one(ann_id(), session_id()).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn a_session_that_was_not_ended_is_told() {
    let storage = MockStorage::default().on_begin(|db| {
        db.sessions.expect_end().once().returning(|_, _, _, _| Ok(false));
    });
    let outcome =
        World::new(&storage).application().revoke_sessions.one(ann_id(), session_id()).await;
    assert_fails!(outcome, RevokeSessionsError::NotFound);
}

#[tokio::test]
async fn all_sessions_are_ended_and_none_is_no_entry() {
    for (ended, commits) in [(2, 1), (0, 0)] {
        let storage = MockStorage::default().on_begin(move |db| {
            db.sessions
                .expect_end_all()
                .with(eq(ann_id()), eq(None), eq(SessionEnd::Revoked), eq(NOW))
                .once()
                .returning(move |_, _, _, _| Ok(ended));
            if ended > 0 {
                expect_operators_act(db, AuditKind::AllSessionsRevoked);
            }
        });
        let app = World::new(&storage).application();
        assert_eq!(app.revoke_sessions.all(ann_id()).await.unwrap(), ended);
        assert_eq!(storage.commits(), commits);
    }
}
