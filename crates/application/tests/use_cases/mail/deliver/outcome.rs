//! What happens to a message that the mailer accepted or rejected.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use doorward_domain::{
    mail::{MailKind, OutboxEntry, retry},
    mock::{MockRepositories, MockStorage},
    ports::{MailError, Randomness},
};
use mockall::predicate::eq;
use time::Duration;

use super::{ASKED_AT, addressing, claiming, entry, mail_id, mailing, marking, run};
use crate::support::{NOW, World};

/// Randomness that always returns the same byte.
struct Loaded(u8);

impl Randomness for Loaded {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(self.0);
    }
}

fn transient() -> MailError {
    MailError::Transient("421 try again".into())
}

fn permanent() -> MailError {
    MailError::Permanent("550 no such mailbox".into())
}

/// Storage with a notice on this attempt.
fn trying(attempts: u32) -> MockStorage {
    let entry = OutboxEntry { attempts, ..entry(MailKind::PasswordChanged) };
    addressing(claiming(vec![entry]))
}

fn expect_retry(db: &mut MockRepositories, after: Duration) {
    db.outbox
        .expect_retry()
        .with(eq(mail_id()), eq(NOW + after), eq("421 try again"))
        .once()
        .returning(|_, _, _| Ok(()));
}

fn expect_park(db: &mut MockRepositories, error: &'static str) {
    db.outbox
        .expect_mark_failed()
        .with(eq(mail_id()), eq(NOW), eq(error))
        .once()
        .returning(|_, _, _| Ok(()));
}

/// Delivers one message with this outcome of the mailer and this random byte. Messages of a batch are counted whatever the
/// outcome is.
async fn deliver(storage: &MockStorage, outcome: Result<(), MailError>, chance: u8) {
    let world = World {
        mailer: mailing(|_| true, outcome),
        randomness: Arc::new(Loaded(chance)),
        ..World::new(storage)
    };
    assert_eq!(run(storage, world).await.unwrap(), 1);
}

#[tokio::test]
async fn accepted_message_is_marked_as_sent() {
    deliver(&marking(trying(1)), Ok(()), 0).await;
}

#[tokio::test]
async fn rejected_message_is_retried_with_growing_delays() {
    for (attempts, seconds) in [(1, 5), (2, 10), (3, 20), (11, 1800)] {
        let storage =
            trying(attempts).on_connect(|db| expect_retry(db, Duration::seconds(seconds)));
        deliver(&storage, Err(transient()), 0).await;
    }
}

#[tokio::test]
async fn retries_of_messages_that_failed_together_are_spread_by_jitter() {
    let storage = trying(2).on_connect(|db| expect_retry(db, Duration::milliseconds(12_500)));
    deliver(&storage, Err(transient()), 255).await;
}

#[tokio::test]
async fn message_is_marked_as_failed_after_its_last_attempt() {
    let storage = trying(retry::MAX_ATTEMPTS).on_connect(|db| expect_park(db, "421 try again"));
    deliver(&storage, Err(transient()), 0).await;
}

#[tokio::test]
async fn permanently_rejected_message_is_marked_as_failed_immediately() {
    let storage = trying(1).on_connect(|db| expect_park(db, "550 no such mailbox"));
    deliver(&storage, Err(permanent()), 0).await;
}

fn expect_put_back(db: &mut MockRepositories, mails: usize, why: &'static str) {
    db.outbox
        .expect_release()
        .with(eq(mail_id()), eq(NOW + retry::AWAY), eq(why))
        .times(mails)
        .returning(|_, _, _| Ok(()));
}

/// The others would only time out as well. The attempt doesn't count, not even the last one, because the message is not the
/// cause.
#[tokio::test]
async fn unavailable_mail_server_gets_one_attempt_per_batch_and_fails_no_message() {
    let mail = OutboxEntry { attempts: retry::MAX_ATTEMPTS, ..entry(MailKind::PasswordChanged) };
    let storage = addressing(claiming(vec![mail; 5]))
        .on_connect(|db| expect_put_back(db, 1, "no route to host"))
        .on_connect(|db| expect_put_back(db, 4, "the mail server is unavailable"));
    let world = World {
        mailer: mailing(|_| true, Err(MailError::Unavailable("no route to host".into()))),
        ..World::new(&storage)
    };
    assert_eq!(run(&storage, world).await.unwrap(), 5);
}

fn refused() -> MailError {
    MailError::SenderRefused("554 5.7.1 relay access denied".into())
}

fn expect_wait(db: &mut MockRepositories, wait: Duration, mails: usize) {
    db.outbox
        .expect_release()
        .with(eq(mail_id()), eq(NOW + wait), eq("554 5.7.1 relay access denied"))
        .times(mails)
        .returning(|_, _, _| Ok(()));
}

#[tokio::test]
async fn rejected_sender_delays_the_message_without_counting_the_attempt() {
    let wait = retry::wait(ASKED_AT, NOW);
    let storage = trying(retry::MAX_ATTEMPTS).on_connect(|db| expect_wait(db, wait, 1));
    deliver(&storage, Err(refused()), 0).await;
}

#[tokio::test]
async fn message_whose_sender_is_rejected_for_days_is_marked_as_failed() {
    let created_at = NOW - retry::MAX_WAIT;
    let entry = OutboxEntry { created_at, ..entry(MailKind::PasswordChanged) };
    let storage = addressing(claiming(vec![entry]))
        .on_connect(|db| expect_park(db, "554 5.7.1 relay access denied"));
    deliver(&storage, Err(refused()), 0).await;
}

#[tokio::test]
async fn rejected_message_does_not_block_others_of_its_batch() {
    let wait = retry::wait(ASKED_AT, NOW);
    let batch = vec![entry(MailKind::PasswordChanged); 3];
    let storage = addressing(claiming(batch)).on_connect(|db| expect_wait(db, wait, 1));
    let storage = marking(addressing(marking(addressing(storage))));
    let mut mailer = mailing(|_| true, Err(refused()));
    mailer.expect_send().times(2).returning(|_| Ok(()));
    let world = World { mailer, ..World::new(&storage) };
    assert_eq!(run(&storage, world).await.unwrap(), 3);
}

/// A buffer of the log lines.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn end_of_sender_rejections_is_logged_once() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    let _logged = tracing::subscriber::set_default(subscriber);
    let wait = retry::wait(ASKED_AT, NOW);
    let batch = vec![entry(MailKind::PasswordChanged); 3];
    let storage = addressing(claiming(batch)).on_connect(|db| expect_wait(db, wait, 1));
    let storage = marking(addressing(marking(addressing(storage))));
    let mut mailer = mailing(|_| true, Err(refused()));
    mailer.expect_send().times(2).returning(|_| Ok(()));
    let world = World { mailer, ..World::new(&storage) };
    run(&storage, world).await.unwrap();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let count = |text: &str| log.matches(text).count();
    assert_eq!(count("mail server rejects messages from this server;"), 1, "{log}");
    assert_eq!(count("mail server accepts messages from this server again"), 1, "{log}");
}
