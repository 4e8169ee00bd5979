use doorward_application::switch_user::{SwitchUserError, SwitchedOff};
use doorward_domain::{audit::AuditKind, mock::MockStorage, session::SessionEnd, user::User};
use mockall::{Sequence, predicate::eq};

use crate::support::{NOW, World, ann, ann_id, assert_fails, disabled, expect_operators_act};

fn finding(user: Option<User>) -> MockStorage {
    MockStorage::default().on_begin(move |db| {
        db.users.expect_find().with(eq(ann_id())).once().return_once(|_| Ok(user));
    })
}

#[tokio::test]
async fn an_account_is_switched_off_before_its_sessions_end() {
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
            .with(eq(ann_id()), eq(None), eq(SessionEnd::Revoked), eq(NOW))
            .once()
            .in_sequence(&mut order)
            .returning(|_, _, _, _| Ok(3));
        expect_operators_act(db, AuditKind::AccountDisabled);
    });
    let outcome = World::new(&storage).application().switch_user.off(ann_id()).await.unwrap();
    assert_eq!(outcome, SwitchedOff::Now { sessions_ended: 3 });
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn an_account_is_switched_on_again() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_find().once().returning(|_| Ok(Some(disabled())));
        db.users.expect_set_disabled().with(eq(ann_id()), eq(None)).once().returning(|_, _| Ok(()));
        expect_operators_act(db, AuditKind::AccountEnabled);
    });
    assert!(World::new(&storage).application().switch_user.on(ann_id()).await.unwrap());
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn what_is_so_already_stays_with_its_time() {
    let storage = finding(Some(disabled()));
    let outcome = World::new(&storage).application().switch_user.off(ann_id()).await.unwrap();
    assert_eq!((outcome, storage.commits()), (SwitchedOff::Before, 0));
    let storage = finding(Some(ann()));
    assert!(!World::new(&storage).application().switch_user.on(ann_id()).await.unwrap());
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn nobody_can_not_be_switched() {
    let app = World::new(&finding(None)).application();
    assert_fails!(app.switch_user.off(ann_id()).await, SwitchUserError::NotFound);
    let app = World::new(&finding(None)).application();
    assert_fails!(app.switch_user.on(ann_id()).await, SwitchUserError::NotFound);
}
