use doorward_application::mail::retry::RetryMailError;
use doorward_domain::{
    MailId,
    audit::AuditKind,
    mail::{MailState, MailStateName, StoredMail},
    mock::{MockRepositories, MockStorage},
    pagination::Page,
};
use mockall::predicate::eq;

use crate::support::{NOW, World, assert_fails, email};

fn id(number: u8) -> MailId {
    format!("00000000-0000-7000-8000-0000000000{number:02x}").parse().unwrap()
}

fn mail(id: MailId, state: MailState) -> StoredMail {
    StoredMail {
        id,
        to: email("ann@example.com"),
        subject: "password_changed".to_owned(),
        created_at: NOW,
        attempts: 12,
        state,
        last_error: Some("451 later".to_owned()),
    }
}

fn expect_retry_nowd(db: &mut MockRepositories, id: MailId) {
    db.outbox.expect_retry_now().with(eq(id), eq(NOW)).once().returning(|_, _| Ok(true));
    db.audit
        .expect_record()
        .withf(|event| event.kind == AuditKind::MailRetried && event.user_id.is_none())
        .once()
        .returning(|_| Ok(()));
}

#[tokio::test]
async fn retried_message_is_queued_and_recorded() {
    let storage = MockStorage::default().on_begin(|db| expect_retry_nowd(db, id(1)));
    World::new(&storage).application().mail.retry.run(id(1)).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn retry_distinguishes_a_sent_message_from_an_unknown_one() {
    let refusing = |found: Option<StoredMail>| {
        MockStorage::default().on_begin(move |db| {
            db.outbox.expect_retry_now().once().returning(|_, _| Ok(false));
            db.outbox.expect_find().with(eq(id(1))).once().return_once(|_| Ok(found));
        })
    };
    let storage = refusing(Some(mail(id(1), MailState::Sent { at: NOW })));
    let outcome = World::new(&storage).application().mail.retry.run(id(1)).await;
    assert_fails!(outcome, RetryMailError::Sent);
    let storage = refusing(None);
    let outcome = World::new(&storage).application().mail.retry.run(id(1)).await;
    assert_fails!(outcome, RetryMailError::NotFound(_));
}

#[tokio::test]
async fn all_failed_messages_are_queued_page_by_page() {
    let page = |mails: &'static [u8], next: Option<u8>| {
        let failed = |number: &u8| mail(id(*number), MailState::Failed { at: NOW });
        Page { items: mails.iter().map(failed).collect(), next: next.map(id) }
    };
    let listing = |storage: MockStorage, after: Option<MailId>, answer| {
        storage.on_connect(move |db| {
            db.outbox
                .expect_list()
                .withf(move |state, page| {
                    *state == Some(MailStateName::Failed) && page.after == after
                })
                .once()
                .return_once(move |_, _| Ok(answer));
        })
    };
    let storage = listing(MockStorage::default(), None, page(&[3, 2], Some(2)));
    let storage = listing(storage, Some(id(2)), page(&[1], None))
        .on_begin(|db| expect_retry_nowd(db, id(3)))
        .on_begin(|db| {
            db.outbox.expect_retry_now().once().returning(|_, _| Ok(false));
            db.outbox.expect_find().once().returning(|_| Ok(None));
        })
        .on_begin(|db| expect_retry_nowd(db, id(1)));
    assert_eq!(World::new(&storage).application().mail.retry.all_failed().await.unwrap(), 2);
    assert_eq!(storage.commits(), 2);
}
