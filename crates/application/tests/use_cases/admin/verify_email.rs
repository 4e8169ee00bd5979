use doorward_application::admin::verify_email::VerifyEmailManuallyError;
use doorward_domain::{audit::AuditKind, mock::MockStorage};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann, ann_id, assert_fails, email, expect_operator_audit, unverified,
};

#[tokio::test]
async fn current_email_address_of_the_account_is_marked_as_verified() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_find().with(eq(ann_id())).once().returning(|_| Ok(Some(unverified())));
        db.users
            .expect_verify_email()
            .with(eq(ann_id()), eq(email("ann@example.com")), eq(NOW))
            .once()
            .returning(|_, _, _| Ok(true));
        expect_operator_audit(db, AuditKind::EmailVerified);
    });
    assert!(World::new(&storage).application().admin.verify_email.run(ann_id()).await.unwrap());
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn verified_email_address_keeps_its_verification_time() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_find().once().returning(|_| Ok(Some(ann())));
    });
    assert!(!World::new(&storage).application().admin.verify_email.run(ann_id()).await.unwrap());
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn unknown_account_cannot_be_marked_as_verified() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_find().once().returning(|_| Ok(None));
    });
    let outcome = World::new(&storage).application().admin.verify_email.run(ann_id()).await;
    assert_fails!(outcome, VerifyEmailManuallyError::NotFound);
}
