mod asked;
mod composed;
mod outcome;

use doorward_application::{Failure, deliver_mail::DeliverMailError};
use doorward_domain::{
    MailId,
    mail::{MailLane, MailSender, MailSubject, OutboxEntry, OutgoingMail, retry},
    mock::{MockMailer, MockStorage},
    page::Page,
    ports::{MailError, StorageError},
};
use mockall::predicate::eq;
use time::{Duration, OffsetDateTime};

use crate::support::{NOW, World, ann, assert_fails, session_id};

const ASKED_AT: OffsetDateTime = NOW.saturating_sub(Duration::SECOND);

fn mail_id() -> MailId {
    MailId::from_uuid(session_id().as_uuid())
}

/// A mail to Ann on its first try.
fn entry(subject: MailSubject) -> OutboxEntry {
    let (to, sender) = (ann().email, MailSender::user(ann().id));
    OutboxEntry { id: mail_id(), to, subject, sender, created_at: ASKED_AT, attempts: 1 }
}

/// The connection on which the mails that are due are taken, until the lease ends.
fn claiming(due: Vec<OutboxEntry>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.outbox
            .expect_claim()
            .with(eq(MailLane::Account), eq(retry::BATCH), eq(NOW), eq(NOW + retry::LEASE))
            .once()
            .return_once(|_, _, _, _| Ok(due));
    })
}

/// Delivers a batch of messages about accounts; there are no others.
async fn run(storage: &MockStorage, world: World) -> Result<usize, DeliverMailError> {
    let _ = storage.clone().on_connect(|db| {
        let is_bulk = |lane: &MailLane, _: &_, _: &_, _: &_| *lane == MailLane::Bulk;
        db.outbox.expect_claim().withf(is_bulk).once().returning(|_, _, _, _| Ok(Vec::new()));
    });
    world.application().deliver_mail.run().await
}

/// The connection on which the account of a notice is looked up.
fn addressing(storage: MockStorage) -> MockStorage {
    storage.on_connect(|db| {
        db.users.expect_find_by_email().with(eq(ann().email)).once().returning(|_| Ok(Some(ann())));
        db.audit.expect_list().returning(|_, _| Ok(Page { items: Vec::new(), next: None }));
    })
}

/// The connection on which the mail is marked as sent.
fn marking(storage: MockStorage) -> MockStorage {
    storage.on_connect(|db| {
        db.outbox.expect_mark_sent().with(eq(mail_id()), eq(NOW)).once().returning(|_, _| Ok(()));
    })
}

/// A mailer that is given a mail like this, once.
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

/// Nothing is sent.
async fn deliver_nothing(storage: &MockStorage) -> Result<usize, DeliverMailError> {
    deliver(storage, MockMailer::new()).await
}

#[tokio::test]
async fn nothing_is_done_while_nothing_is_due() {
    assert_eq!(deliver_nothing(&claiming(Vec::new())).await.unwrap(), 0);
}

#[tokio::test]
async fn all_mails_of_a_batch_are_sent() {
    let mut storage = claiming(vec![entry(MailSubject::PasswordChanged); 2]);
    let mut mailer = MockMailer::new();
    for _ in 0..2 {
        storage = marking(addressing(storage));
        mailer.expect_send().once().returning(|_| Ok(()));
    }
    assert_eq!(deliver(&storage, mailer).await.unwrap(), 2);
}

/// A row that can't be read would otherwise keep back whatever is claimed along with it, each time.
#[tokio::test]
async fn a_mail_that_fails_in_storage_holds_up_none_of_the_others_and_is_told() {
    let storage = claiming(vec![entry(MailSubject::PasswordChanged); 2]).on_connect(|db| {
        db.users
            .expect_find_by_email()
            .once()
            .returning(|_| Err(StorageError::Fault("a row that makes no sense".into())));
    });
    let storage = marking(addressing(storage));
    let outcome = deliver(&storage, mailing(|_| true, Ok(()))).await;
    assert_fails!(outcome, DeliverMailError::Failure(Failure::Storage(StorageError::Fault(_))));
}

#[tokio::test]
async fn nothing_is_taken_while_storage_is_away() {
    let outcome = World::without_storage().application().deliver_mail.run().await;
    assert_fails!(outcome, DeliverMailError::Failure(Failure::Storage(_)));
}
