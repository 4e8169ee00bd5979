use doorward_application::retry_mail::RetryMailError;
use doorward_domain::{
    MailId,
    audit::AuditKind,
    mail::{MailState, MailStateName, StoredMail},
    mock::{MockRepositories, MockStorage},
    page::Page,
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

fn expect_released(db: &mut MockRepositories, id: MailId) {
    db.outbox.expect_release().with(eq(id), eq(NOW)).once().returning(|_, _| Ok(true));
    db.audit
        .expect_record()
        .withf(|event| event.kind == AuditKind::MailRetried && event.user_id.is_none())
        .once()
        .returning(|_| Ok(()));
}

#[tokio::test]
async fn a_mail_is_made_due_and_that_is_written_down() {
    let storage = MockStorage::default().on_begin(|db| expect_released(db, id(1)));
    World::new(&storage).application().retry_mail.run(id(1)).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn a_mail_that_was_sent_is_told_from_one_that_is_not_there() {
    let refusing = |found: Option<StoredMail>| {
        MockStorage::default().on_begin(move |db| {
            db.outbox.expect_release().once().returning(|_, _| Ok(false));
            db.outbox.expect_find().with(eq(id(1))).once().return_once(|_| Ok(found));
        })
    };
    let storage = refusing(Some(mail(id(1), MailState::Sent { at: NOW })));
    let outcome = World::new(&storage).application().retry_mail.run(id(1)).await;
    assert_fails!(outcome, RetryMailError::Sent);
    let storage = refusing(None);
    let outcome = World::new(&storage).application().retry_mail.run(id(1)).await;
    assert_fails!(outcome, RetryMailError::NotFound(_));
}

#[tokio::test]
async fn all_that_were_given_up_are_made_due_page_by_page() {
    let page = |mails: &'static [u8], next: Option<u8>| {
        let parked = |number: &u8| mail(id(*number), MailState::Parked { at: NOW });
        Page { items: mails.iter().map(parked).collect(), next: next.map(id) }
    };
    let listing = |storage: MockStorage, after: Option<MailId>, answer| {
        storage.on_connect(move |db| {
            db.outbox
                .expect_list()
                .withf(move |state, page| {
                    *state == Some(MailStateName::Parked) && page.after == after
                })
                .once()
                .return_once(move |_, _| Ok(answer));
        })
    };
    let storage = listing(MockStorage::default(), None, page(&[3, 2], Some(2)));
    let storage = listing(storage, Some(id(2)), page(&[1], None))
        .on_begin(|db| expect_released(db, id(3)))
        .on_begin(|db| {
            db.outbox.expect_release().once().returning(|_, _| Ok(false));
            db.outbox.expect_find().once().returning(|_| Ok(None));
        })
        .on_begin(|db| expect_released(db, id(1)));
    assert_eq!(World::new(&storage).application().retry_mail.all_parked().await.unwrap(), 2);
    assert_eq!(storage.commits(), 2);
}
