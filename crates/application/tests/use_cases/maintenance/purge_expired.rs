use doorward_application::{
    CommonError,
    maintenance::purge_expired::{PurgeExpired, PurgeExpiredError},
};
use doorward_domain::{mail::Allowance, mock::MockStorage};
use mockall::predicate::eq;

use crate::support::{NOW, World, assert_fails};

#[tokio::test]
async fn rows_past_their_retention_are_deleted() {
    let storage = MockStorage::default().on_connect(|db| {
        let (sessions_before, mails_before) =
            (NOW - PurgeExpired::KEEP_SESSIONS, NOW - PurgeExpired::KEEP_MAILS);
        let mut batches = vec![3, PurgeExpired::BATCH as usize];
        db.sessions
            .expect_delete_ended()
            .with(eq(sessions_before), eq(PurgeExpired::BATCH))
            .times(2)
            .returning(move |_, _| Ok(batches.pop().unwrap()));
        db.signing_keys
            .expect_delete_expired()
            .with(eq(NOW - PurgeExpired::KEEP_KEYS))
            .once()
            .returning(|_| Ok(0));
        db.audit
            .expect_delete_before()
            .with(eq(NOW - PurgeExpired::KEEP_EVENTS), eq(PurgeExpired::BATCH))
            .once()
            .returning(|_, _| Ok(0));
        db.outbox
            .expect_delete_allowances()
            .with(eq(NOW - Allowance::KEPT), eq(PurgeExpired::BATCH))
            .once()
            .returning(|_, _| Ok(0));
        db.outbox
            .expect_delete_sent()
            .with(eq(mails_before), eq(PurgeExpired::BATCH))
            .once()
            .returning(|_, _| Ok(0));
    });
    World::new(&storage).application().maintenance.purge_expired.run().await.unwrap();
}

#[tokio::test]
async fn nothing_is_deleted_while_storage_is_unavailable() {
    let outcome = World::without_storage().application().maintenance.purge_expired.run().await;
    assert_fails!(outcome, PurgeExpiredError::Failure(CommonError::Storage(_)));
}
