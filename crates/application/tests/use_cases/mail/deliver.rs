mod asked;
mod composed;
mod outcome;

use doorward_application::{CommonError, mail::deliver::DeliverMailError};
use doorward_domain::{
    MailId,
    mail::{MailKind, MailLane, MailSender, OutboxEntry, OutgoingMail, retry},
    mock::{MockMailer, MockStorage},
    pagination::Page,
    ports::{MailError, StorageError},
};
use mockall::predicate::eq;
use time::{Duration, OffsetDateTime};

use crate::support::{NOW, World, ann, assert_fails, session_id};

const ASKED_AT: OffsetDateTime = NOW.saturating_sub(Duration::SECOND);

fn mail_id() -> MailId {
    MailId::from_uuid(session_id().as_uuid())
}

/// A message to Ann on its first attempt.
fn entry(subject: MailKind) -> OutboxEntry {
    let (to, sender) = (ann().email, MailSender::user(ann().id));
    OutboxEntry { id: mail_id(), to, subject, sender, created_at: ASKED_AT, attempts: 1 }
}

/// Storage with a connection that leases the due messages.
fn claiming(due: Vec<OutboxEntry>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.outbox
            .expect_lease()
            .with(eq(MailLane::Account), eq(retry::BATCH), eq(NOW), eq(NOW + retry::LEASE))
            .once()
            .return_once(|_, _, _, _| Ok(due));
    })
}

/// Delivers a batch of the account lane; the other lanes are empty.
async fn run(storage: &MockStorage, world: World) -> Result<usize, DeliverMailError> {
    let _ = storage.clone().on_connect(|db| {
        let is_bulk = |lane: &MailLane, _: &_, _: &_, _: &_| *lane == MailLane::Bulk;
        db.outbox.expect_lease().withf(is_bulk).once().returning(|_, _, _, _| Ok(Vec::new()));
    });
    world.application().mail.deliver.run().await
}

/// Adds a connection that finds the account of a notice.
fn addressing(storage: MockStorage) -> MockStorage {
    storage.on_connect(|db| {
        db.users.expect_find_by_email().with(eq(ann().email)).once().returning(|_| Ok(Some(ann())));
        db.audit.expect_list().returning(|_, _| Ok(Page { items: Vec::new(), next: None }));
    })
}

/// Adds a connection that marks the message as sent.
fn marking(storage: MockStorage) -> MockStorage {
    storage.on_connect(|db| {
        db.outbox.expect_mark_sent().with(eq(mail_id()), eq(NOW)).once().returning(|_, _| Ok(()));
    })
}

/// A mailer that expects one matching email.
fn mailing(
    expected: impl Fn(&OutgoingMail) -> bool + Send + 'static,
    outcome: Result<(), MailError>,
) -> MockMailer {
    let mut mailer = MockMailer::new();
    mailer.expect_send().withf(expected).once().return_once(|_| outcome);
    mailer
}

async fn deliver(storage: &MockStorage, mailer: MockMailer) -> Result<usize, DeliverMailError> {
    run(storage, World { mailer, ..World::new(storage) }).await
}

/// Runs a delivery that sends nothing.
async fn deliver_nothing(storage: &MockStorage) -> Result<usize, DeliverMailError> {
    deliver(storage, MockMailer::new()).await
}

#[tokio::test]
async fn empty_outbox_sends_nothing() {
    assert_eq!(deliver_nothing(&claiming(Vec::new())).await.unwrap(), 0);
}

#[tokio::test]
async fn all_messages_of_a_batch_are_sent() {
    let mut storage = claiming(vec![entry(MailKind::PasswordChanged); 2]);
    let mut mailer = MockMailer::new();
    for _ in 0..2 {
        storage = marking(addressing(storage));
        mailer.expect_send().once().returning(|_| Ok(()));
    }
    assert_eq!(deliver(&storage, mailer).await.unwrap(), 2);
}

/// Otherwise a row that can't be read would block the messages that are leased with it, each time.
#[tokio::test]
async fn storage_failure_of_one_message_is_reported_and_does_not_block_others() {
    let storage = claiming(vec![entry(MailKind::PasswordChanged); 2]).on_connect(|db| {
        db.users
            .expect_find_by_email()
            .once()
            .returning(|_| Err(StorageError::Fault("malformed row".into())));
    });
    let storage = marking(addressing(storage));
    let outcome = deliver(&storage, mailing(|_| true, Ok(()))).await;
    assert_fails!(outcome, DeliverMailError::Failure(CommonError::Storage(StorageError::Fault(_))));
}

#[tokio::test]
async fn nothing_is_leased_while_storage_is_unavailable() {
    let outcome = World::without_storage().application().mail.deliver.run().await;
    assert_fails!(outcome, DeliverMailError::Failure(CommonError::Storage(_)));
}
