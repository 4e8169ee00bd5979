use doorward_application::admin::revoke_sessions::AdminRevokeSessionsError;
use doorward_domain::{audit::AuditKind, mock::MockStorage, session::SessionEndReason};
use mockall::predicate::eq;

use crate::support::{NOW, World, ann_id, assert_fails, expect_operator_audit, session_id};

#[tokio::test]
async fn revoking_a_session_of_a_user_is_recorded() {
    let storage = MockStorage::default().on_begin(|db| {
        db.sessions
            .expect_end()
            .with(eq(ann_id()), eq(session_id()), eq(SessionEndReason::Revoked), eq(NOW))
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
    app.admin.revoke_sessions.one(ann_id(), session_id()).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn revoking_an_unknown_session_is_reported() {
    let storage = MockStorage::default().on_begin(|db| {
        db.sessions.expect_end().once().returning(|_, _, _, _| Ok(false));
    });
    let outcome =
        World::new(&storage).application().admin.revoke_sessions.one(ann_id(), session_id()).await;
    assert_fails!(outcome, AdminRevokeSessionsError::NotFound);
}

#[tokio::test]
async fn revoking_all_sessions_is_recorded_only_if_there_are_any() {
    for (ended, commits) in [(2, 1), (0, 0)] {
        let storage = MockStorage::default().on_begin(move |db| {
            db.sessions
                .expect_end_all()
                .with(eq(ann_id()), eq(None), eq(SessionEndReason::Revoked), eq(NOW))
                .once()
                .returning(move |_, _, _, _| Ok(ended));
            if ended > 0 {
                expect_operator_audit(db, AuditKind::AllSessionsRevoked);
            }
        });
        let app = World::new(&storage).application();
        assert_eq!(app.admin.revoke_sessions.all(ann_id()).await.unwrap(), ended);
        assert_eq!(storage.commits(), commits);
    }
}
