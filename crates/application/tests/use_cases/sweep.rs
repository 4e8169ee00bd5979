use doorward_application::{
    Failure,
    sweep::{Sweep, SweepError},
};
use doorward_domain::{mail::Allowance, mock::MockStorage};
use mockall::predicate::eq;

use crate::support::{NOW, World, assert_fails};

#[tokio::test]
async fn what_is_kept_long_enough_is_deleted() {
    let storage = MockStorage::default().on_connect(|db| {
        let (sessions_before, mails_before) = (NOW - Sweep::KEEP_SESSIONS, NOW - Sweep::KEEP_MAILS);
        db.sessions.expect_delete_ended().with(eq(sessions_before)).once().returning(|_| Ok(3));
        db.signing_keys
            .expect_delete_gone()
            .with(eq(NOW - Sweep::KEEP_KEYS))
            .once()
            .returning(|_| Ok(0));
        db.audit
            .expect_delete_before()
            .with(eq(NOW - Sweep::KEEP_EVENTS))
            .once()
            .returning(|_| Ok(0));
        db.outbox
            .expect_delete_allowances()
            .with(eq(NOW - Allowance::KEPT))
            .once()
            .returning(|_| Ok(0));
        db.outbox.expect_delete_sent().with(eq(mails_before)).once().returning(|_| Ok(0));
    });
    World::new(&storage).application().sweep.run().await.unwrap();
}

#[tokio::test]
async fn nothing_is_deleted_while_storage_is_away() {
    let outcome = World::without_storage().application().sweep.run().await;
    assert_fails!(outcome, SweepError::Failure(Failure::Storage(_)));
}
