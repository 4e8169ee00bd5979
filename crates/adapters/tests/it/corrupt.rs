//! Rows with invalid values.

use doorward_adapters::storage::Migrator;
use doorward_conformance::{fixtures, samples};
use doorward_domain::mail::MailLane;
use doorward_testing::TestDatabase;
use time::Duration;

use crate::catalog;

on_both_databases!(unreadable_message_fails_and_does_not_block_others);

/// A newer server may have written it during an upgrade.
async fn unreadable_message_fails_and_does_not_block_others(database: &TestDatabase) {
    Migrator(database.url()).run().await.unwrap();
    let storage = database.open();
    let of_tomorrow = fixtures::mail(&storage, samples::mail(samples::NOW)).await;
    catalog::execute(database, "UPDATE outbox SET subject = 'from_tomorrow'").await;
    let readable = fixtures::mail(&storage, samples::mail(samples::NOW)).await;

    let mut repositories = fixtures::connect(&storage).await;
    let lease = samples::NOW + Duration::MINUTE;
    let claimed = repositories.outbox().lease(MailLane::Account, 5, samples::NOW, lease).await;
    let claimed = claimed.unwrap();
    let ids: Vec<_> = claimed.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [readable.id]);
    drop(repositories);

    let failed = "SELECT last_error AS line FROM outbox WHERE failed_at IS NOT NULL";
    let errors = catalog::lines(database, failed, failed).await;
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("from_tomorrow"), "{errors:?}");
    assert!(errors[0].contains(&of_tomorrow.id.to_string()), "{errors:?}");
}
