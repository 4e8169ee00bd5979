//! Clauses of `OutboxRepository::list`, `find`, and `release`, with which operators inspect and retry
//! messages.

use doorward_domain::{
    MailId,
    mail::{MailLane, MailState, MailStateName, OutboxEntry, OutboxStats, StoredMail},
    pagination::{PageQuery, PageSize},
    ports::Storage,
};

use crate::{
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

async fn list(storage: &dyn Storage, state: Option<MailStateName>) -> Vec<StoredMail> {
    let request = PageQuery { limit: PageSize::DEFAULT, after: None };
    let page = connect(storage).await.outbox().list(state, request).await.unwrap();
    assert_eq!(page.next, None);
    page.items
}

fn stored(mail: &OutboxEntry, state: MailState, last_error: Option<&str>) -> StoredMail {
    StoredMail {
        id: mail.id,
        to: mail.to.clone(),
        subject: mail.subject.as_str().to_owned(),
        created_at: mail.created_at,
        attempts: mail.attempts,
        state,
        last_error: last_error.map(str::to_owned),
    }
}

/// Checks that messages are listed by state, newest first.
pub async fn messages_are_listed_by_state(storage: &dyn Storage) {
    let mails = [0, 1, 2, 3].map(|second| samples::mail(after(second)));
    for mail in &mails {
        fixtures::mail(storage, mail.clone()).await;
    }
    let [waiting, put_off, failed, sent] = &mails;
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    outbox.retry(put_off.id, after(99), "451 later").await.unwrap();
    outbox.mark_failed(failed.id, after(50), "550 no such box").await.unwrap();
    outbox.mark_sent(sent.id, after(60)).await.unwrap();
    drop(repositories);

    let waiting = stored(waiting, MailState::Waiting { due_at: NOW }, None);
    let put_off = stored(put_off, MailState::Waiting { due_at: after(99) }, Some("451 later"));
    let failed = stored(failed, MailState::Failed { at: after(50) }, Some("550 no such box"));
    let sent = stored(sent, MailState::Sent { at: after(60) }, None);
    let all = [&sent, &failed, &put_off, &waiting].map(Clone::clone);
    assert_eq!(list(storage, None).await, all);
    for mail in &all {
        let found = connect(storage).await.outbox().find(mail.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(mail));
    }
    assert_eq!(list(storage, Some(MailStateName::Waiting)).await, [put_off, waiting]);
    assert_eq!(list(storage, Some(MailStateName::Failed)).await, [failed]);
    assert_eq!(list(storage, Some(MailStateName::Sent)).await, [sent]);
    let unknown = MailId::from_uuid(samples::id());
    assert_eq!(connect(storage).await.outbox().find(unknown).await.unwrap(), None);
}

/// Checks that each page begins after the previous one.
pub async fn messages_are_listed_page_by_page(storage: &dyn Storage) {
    let mut all = Vec::new();
    for second in 0..5 {
        all.insert(0, fixtures::mail(storage, samples::mail(after(second))).await.id);
    }
    for state in [None, Some(MailStateName::Waiting)] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let request = PageQuery { limit: PageSize::new(2).unwrap(), after };
            let page = connect(storage).await.outbox().list(state, request).await.unwrap();
            found.extend(page.items.into_iter().map(|mail| mail.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, all);
    }
}

/// Checks that a message becomes due immediately, as if it had never been tried, and that a sent message
/// stays sent.
pub async fn message_is_released_unless_it_was_sent(storage: &dyn Storage) {
    let [put_off, failed, sent] = [0, 1, 2].map(|second| samples::mail(after(second)));
    for mail in [&put_off, &failed, &sent] {
        fixtures::mail(storage, mail.clone()).await;
    }
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    assert_eq!(outbox.lease(MailLane::Account, 9, after(5), after(99)).await.unwrap().len(), 3);
    outbox.retry(put_off.id, after(99), "451 later").await.unwrap();
    outbox.mark_failed(failed.id, after(5), "550 no such box").await.unwrap();
    outbox.mark_sent(sent.id, after(5)).await.unwrap();

    assert!(outbox.retry_now(put_off.id, after(10)).await.unwrap());
    assert!(outbox.retry_now(failed.id, after(10)).await.unwrap());
    assert!(!outbox.retry_now(sent.id, after(10)).await.unwrap());
    assert!(!outbox.retry_now(MailId::from_uuid(samples::id()), after(10)).await.unwrap());
    assert_eq!(outbox.lease(MailLane::Account, 9, after(9), after(99)).await.unwrap(), []);
    let claimed = outbox.lease(MailLane::Account, 9, after(10), after(99)).await.unwrap();
    let again = |mail: OutboxEntry| OutboxEntry { attempts: 1, ..mail };
    assert_eq!(claimed, [again(put_off), again(failed)]);
}

/// Checks the number of waiting messages regardless of their attempts, the time of the oldest, and the number
/// of failed ones.
pub async fn backlog_counts_unsent_messages(storage: &dyn Storage) {
    let backlog = async || connect(storage).await.outbox().backlog().await.unwrap();
    assert_eq!(backlog().await, OutboxStats::default());
    let mails = [0, 1, 2, 3, 4].map(|second| samples::mail(after(second)));
    for mail in mails.iter().rev() {
        fixtures::mail(storage, mail.clone()).await;
    }
    assert_eq!(backlog().await, OutboxStats { waiting: 5, oldest: Some(NOW), failed: 0 });
    let [sent, failed, claimed, ..] = &mails;
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    outbox.mark_sent(sent.id, after(9)).await.unwrap();
    outbox.mark_failed(failed.id, after(9), "550 no such box").await.unwrap();
    outbox.lease(MailLane::Account, 1, after(9), after(99)).await.unwrap();
    drop(repositories);
    let expected = OutboxStats { waiting: 3, oldest: Some(claimed.created_at), failed: 1 };
    assert_eq!(backlog().await, expected);
}
