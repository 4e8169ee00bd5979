use doorward_application::mark_verified::MarkVerifiedError;
use doorward_domain::{audit::AuditKind, mock::MockStorage};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann, ann_id, assert_fails, email, expect_operators_act, unverified,
};

#[tokio::test]
async fn the_address_that_the_account_has_is_marked() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_find().with(eq(ann_id())).once().returning(|_| Ok(Some(unverified())));
        db.users
            .expect_verify_email()
            .with(eq(ann_id()), eq(email("ann@example.com")), eq(NOW))
            .once()
            .returning(|_, _, _| Ok(true));
        expect_operators_act(db, AuditKind::EmailVerified);
    });
    assert!(World::new(&storage).application().mark_verified.run(ann_id()).await.unwrap());
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn the_first_verification_counts() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_find().once().returning(|_| Ok(Some(ann())));
    });
    assert!(!World::new(&storage).application().mark_verified.run(ann_id()).await.unwrap());
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn nobody_can_not_be_vouched_for() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_find().once().returning(|_| Ok(None));
    });
    let outcome = World::new(&storage).application().mark_verified.run(ann_id()).await;
    assert_fails!(outcome, MarkVerifiedError::NotFound);
}
