//! Rows that say something that no row should say.

use doorward_adapters::storage::Migrator;
use doorward_conformance::{given, sample};
use doorward_domain::mail::MailLane;
use doorward_testing::TestDatabase;
use time::Duration;

use crate::catalog;

on_both_databases!(a_mail_that_can_not_be_read_is_parked_and_holds_up_no_other);

/// A newer server may have left it, in an upgrade that is under way.
async fn a_mail_that_can_not_be_read_is_parked_and_holds_up_no_other(database: &TestDatabase) {
    Migrator(database.url()).run().await.unwrap();
    let storage = database.open();
    let of_tomorrow = given::mail(&storage, sample::mail(sample::NOW)).await;
    catalog::execute(database, "UPDATE outbox SET subject = 'from_tomorrow'").await;
    let readable = given::mail(&storage, sample::mail(sample::NOW)).await;

    let mut repositories = given::connect(&storage).await;
    let lease = sample::NOW + Duration::MINUTE;
    let claimed = repositories.outbox().claim(MailLane::Account, 5, sample::NOW, lease).await;
    let claimed = claimed.unwrap();
    let ids: Vec<_> = claimed.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [readable.id]);
    drop(repositories);

    let parked = "SELECT last_error AS line FROM outbox WHERE parked_at IS NOT NULL";
    let errors = catalog::lines(database, parked, parked).await;
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("from_tomorrow"), "{errors:?}");
    assert!(errors[0].contains(&of_tomorrow.id.to_string()), "{errors:?}");
}
