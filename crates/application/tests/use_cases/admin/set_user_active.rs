use doorward_application::admin::set_user_active::{DisableOutcome, SetUserActiveError};
use doorward_domain::{
    account::user::User, audit::AuditKind, mock::MockStorage, session::SessionEndReason,
};
use mockall::{Sequence, predicate::eq};

use crate::support::{NOW, World, ann, ann_id, assert_fails, disabled, expect_operator_audit};

fn finding(user: Option<User>) -> MockStorage {
    MockStorage::default().on_begin(move |db| {
        db.users.expect_find().with(eq(ann_id())).once().return_once(|_| Ok(user));
    })
}

#[tokio::test]
async fn account_is_disabled_before_its_sessions_end() {
    let storage = MockStorage::default().on_begin(|db| {
        let mut order = Sequence::new();
        db.users.expect_find().once().returning(|_| Ok(Some(ann())));
        db.users
            .expect_set_disabled()
            .with(eq(ann_id()), eq(Some(NOW)))
            .once()
            .in_sequence(&mut order)
            .returning(|_, _| Ok(()));
        db.sessions
            .expect_end_all()
            .with(eq(ann_id()), eq(None), eq(SessionEndReason::Revoked), eq(NOW))
            .once()
            .in_sequence(&mut order)
            .returning(|_, _, _, _| Ok(3));
        expect_operator_audit(db, AuditKind::AccountDisabled);
    });
    let outcome =
        World::new(&storage).application().admin.set_user_active.disable(ann_id()).await.unwrap();
    assert_eq!(outcome, DisableOutcome::Now { sessions_ended: 3 });
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn disabled_account_is_enabled() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_find().once().returning(|_| Ok(Some(disabled())));
        db.users.expect_set_disabled().with(eq(ann_id()), eq(None)).once().returning(|_, _| Ok(()));
        expect_operator_audit(db, AuditKind::AccountEnabled);
    });
    assert!(
        World::new(&storage).application().admin.set_user_active.enable(ann_id()).await.unwrap()
    );
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn account_already_in_the_requested_state_is_not_changed() {
    let storage = finding(Some(disabled()));
    let outcome =
        World::new(&storage).application().admin.set_user_active.disable(ann_id()).await.unwrap();
    assert_eq!((outcome, storage.commits()), (DisableOutcome::Before, 0));
    let storage = finding(Some(ann()));
    assert!(
        !World::new(&storage).application().admin.set_user_active.enable(ann_id()).await.unwrap()
    );
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn unknown_account_cannot_be_disabled_or_enabled() {
    let app = World::new(&finding(None)).application();
    assert_fails!(app.admin.set_user_active.disable(ann_id()).await, SetUserActiveError::NotFound);
    let app = World::new(&finding(None)).application();
    assert_fails!(app.admin.set_user_active.enable(ann_id()).await, SetUserActiveError::NotFound);
}
