//! What becomes of a mail that the mailer took, or did not.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use doorward_domain::{
    mail::{MailSubject, OutboxEntry, retry},
    mock::{MockRepositories, MockStorage},
    ports::{MailError, Randomness},
};
use mockall::predicate::eq;
use time::Duration;

use super::{ASKED_AT, addressing, claiming, entry, mail_id, mailing, marking, run};
use crate::support::{NOW, World};

/// Chance that always comes out the same.
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

/// A notice that is on this try.
fn trying(attempts: u32) -> MockStorage {
    let entry = OutboxEntry { attempts, ..entry(MailSubject::PasswordChanged) };
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
        .expect_park()
        .with(eq(mail_id()), eq(NOW), eq(error))
        .once()
        .returning(|_, _, _| Ok(()));
}

/// The mailer answers this, with chance loaded like that; the mails of a batch are counted whatever
/// becomes of them.
async fn deliver(storage: &MockStorage, outcome: Result<(), MailError>, chance: u8) {
    let world = World {
        mailer: mailing(|_| true, outcome),
        randomness: Arc::new(Loaded(chance)),
        ..World::new(storage)
    };
    assert_eq!(run(storage, world).await.unwrap(), 1);
}

#[tokio::test]
async fn a_mail_that_was_taken_is_marked_as_sent() {
    deliver(&marking(trying(1)), Ok(()), 0).await;
}

#[tokio::test]
async fn a_mail_that_was_not_taken_is_tried_again_later_each_time() {
    for (attempts, seconds) in [(1, 5), (2, 10), (3, 20), (11, 1800)] {
        let storage =
            trying(attempts).on_connect(|db| expect_retry(db, Duration::seconds(seconds)));
        deliver(&storage, Err(transient()), 0).await;
    }
}

#[tokio::test]
async fn mails_that_failed_together_do_not_come_back_together() {
    let storage = trying(2).on_connect(|db| expect_retry(db, Duration::milliseconds(12_500)));
    deliver(&storage, Err(transient()), 255).await;
}

#[tokio::test]
async fn a_mail_is_parked_after_its_last_try() {
    let storage = trying(retry::MAX_ATTEMPTS).on_connect(|db| expect_park(db, "421 try again"));
    deliver(&storage, Err(transient()), 0).await;
}

#[tokio::test]
async fn a_mail_that_was_refused_for_good_is_parked_at_once() {
    let storage = trying(1).on_connect(|db| expect_park(db, "550 no such mailbox"));
    deliver(&storage, Err(permanent()), 0).await;
}

fn expect_put_back(db: &mut MockRepositories, mails: usize, why: &'static str) {
    db.outbox
        .expect_put_back()
        .with(eq(mail_id()), eq(NOW + retry::AWAY), eq(why))
        .times(mails)
        .returning(|_, _, _| Ok(()));
}

/// Each would wait as long for nothing, and it is not their fault: not even after the last try.
#[tokio::test]
async fn while_no_mail_is_taken_one_of_a_batch_is_tried_and_none_is_given_up() {
    let mail = OutboxEntry { attempts: retry::MAX_ATTEMPTS, ..entry(MailSubject::PasswordChanged) };
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
        .expect_put_back()
        .with(eq(mail_id()), eq(NOW + wait), eq("554 5.7.1 relay access denied"))
        .times(mails)
        .returning(|_, _, _| Ok(()));
}

#[tokio::test]
async fn message_whose_sender_is_refused_waits_and_the_try_does_not_count() {
    let wait = retry::wait(ASKED_AT, NOW);
    let storage = trying(retry::MAX_ATTEMPTS).on_connect(|db| expect_wait(db, wait, 1));
    deliver(&storage, Err(refused()), 0).await;
}

#[tokio::test]
async fn message_whose_sender_is_refused_for_days_is_given_up() {
    let created_at = NOW - retry::MAX_WAIT;
    let entry = OutboxEntry { created_at, ..entry(MailSubject::PasswordChanged) };
    let storage = addressing(claiming(vec![entry]))
        .on_connect(|db| expect_park(db, "554 5.7.1 relay access denied"));
    deliver(&storage, Err(refused()), 0).await;
}

#[tokio::test]
async fn refused_message_does_not_block_the_others_of_its_batch() {
    let wait = retry::wait(ASKED_AT, NOW);
    let batch = vec![entry(MailSubject::PasswordChanged); 3];
    let storage = addressing(claiming(batch)).on_connect(|db| expect_wait(db, wait, 1));
    let storage = marking(addressing(marking(addressing(storage))));
    let mut mailer = mailing(|_| true, Err(refused()));
    mailer.expect_send().times(2).returning(|_| Ok(()));
    let world = World { mailer, ..World::new(&storage) };
    assert_eq!(run(&storage, world).await.unwrap(), 3);
}

/// What was logged.
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
async fn end_of_refusals_is_logged_once() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    let _logged = tracing::subscriber::set_default(subscriber);
    let wait = retry::wait(ASKED_AT, NOW);
    let batch = vec![entry(MailSubject::PasswordChanged); 3];
    let storage = addressing(claiming(batch)).on_connect(|db| expect_wait(db, wait, 1));
    let storage = marking(addressing(marking(addressing(storage))));
    let mut mailer = mailing(|_| true, Err(refused()));
    mailer.expect_send().times(2).returning(|_| Ok(()));
    let world = World { mailer, ..World::new(&storage) };
    run(&storage, world).await.unwrap();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let count = |text: &str| log.matches(text).count();
    assert_eq!(count("the mail server refuses this server's messages, which wait"), 1, "{log}");
    assert_eq!(count("the mail server accepts this server's messages again"), 1, "{log}");
}
