//! `OutboxRepository::list`, `find` and `release`: what whoever looks after the mails sees and does.

use doorward_domain::{
    MailId,
    mail::{Backlog, MailLane, MailState, MailStateName, OutboxEntry, StoredMail},
    page::{PageLimit, PageRequest},
    ports::Storage,
};

use crate::{
    given::{self, connect},
    sample::{self, NOW, after},
};

async fn list(storage: &dyn Storage, state: Option<MailStateName>) -> Vec<StoredMail> {
    let request = PageRequest { limit: PageLimit::DEFAULT, after: None };
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

/// `OutboxRepository::list`, `find`: what became of each, newest first.
pub async fn mails_are_listed_by_what_became_of_them(storage: &dyn Storage) {
    let mails = [0, 1, 2, 3].map(|second| sample::mail(after(second)));
    for mail in &mails {
        given::mail(storage, mail.clone()).await;
    }
    let [waiting, put_off, parked, sent] = &mails;
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    outbox.retry(put_off.id, after(99), "451 later").await.unwrap();
    outbox.park(parked.id, after(50), "550 no such box").await.unwrap();
    outbox.mark_sent(sent.id, after(60)).await.unwrap();
    drop(repositories);

    let waiting = stored(waiting, MailState::Waiting { due_at: NOW }, None);
    let put_off = stored(put_off, MailState::Waiting { due_at: after(99) }, Some("451 later"));
    let parked = stored(parked, MailState::Parked { at: after(50) }, Some("550 no such box"));
    let sent = stored(sent, MailState::Sent { at: after(60) }, None);
    let all = [&sent, &parked, &put_off, &waiting].map(Clone::clone);
    assert_eq!(list(storage, None).await, all);
    for mail in &all {
        let found = connect(storage).await.outbox().find(mail.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(mail));
    }
    assert_eq!(list(storage, Some(MailStateName::Waiting)).await, [put_off, waiting]);
    assert_eq!(list(storage, Some(MailStateName::Parked)).await, [parked]);
    assert_eq!(list(storage, Some(MailStateName::Sent)).await, [sent]);
    let nobody = MailId::from_uuid(sample::id());
    assert_eq!(connect(storage).await.outbox().find(nobody).await.unwrap(), None);
}

/// `OutboxRepository::list`: each page begins after the one before.
pub async fn mails_are_listed_page_by_page(storage: &dyn Storage) {
    let mut all = Vec::new();
    for second in 0..5 {
        all.insert(0, given::mail(storage, sample::mail(after(second))).await.id);
    }
    for state in [None, Some(MailStateName::Waiting)] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let request = PageRequest { limit: PageLimit::new(2).unwrap(), after };
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

/// `OutboxRepository::release`: due at once, as if it had not been tried; one that was sent MUST stay so.
pub async fn a_mail_is_released_unless_it_was_sent(storage: &dyn Storage) {
    let [put_off, parked, sent] = [0, 1, 2].map(|second| sample::mail(after(second)));
    for mail in [&put_off, &parked, &sent] {
        given::mail(storage, mail.clone()).await;
    }
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    assert_eq!(outbox.claim(MailLane::Account, 9, after(5), after(99)).await.unwrap().len(), 3);
    outbox.retry(put_off.id, after(99), "451 later").await.unwrap();
    outbox.park(parked.id, after(5), "550 no such box").await.unwrap();
    outbox.mark_sent(sent.id, after(5)).await.unwrap();

    assert!(outbox.release(put_off.id, after(10)).await.unwrap());
    assert!(outbox.release(parked.id, after(10)).await.unwrap());
    assert!(!outbox.release(sent.id, after(10)).await.unwrap());
    assert!(!outbox.release(MailId::from_uuid(sample::id()), after(10)).await.unwrap());
    assert_eq!(outbox.claim(MailLane::Account, 9, after(9), after(99)).await.unwrap(), []);
    let claimed = outbox.claim(MailLane::Account, 9, after(10), after(99)).await.unwrap();
    let again = |mail: OutboxEntry| OutboxEntry { attempts: 1, ..mail };
    assert_eq!(claimed, [again(put_off), again(parked)]);
}

/// `OutboxRepository::backlog`: what waits, however often it was tried, since when, and what was given up.
pub async fn the_backlog_is_what_has_not_gone_out(storage: &dyn Storage) {
    let backlog = async || connect(storage).await.outbox().backlog().await.unwrap();
    assert_eq!(backlog().await, Backlog::default());
    let mails = [0, 1, 2, 3, 4].map(|second| sample::mail(after(second)));
    for mail in mails.iter().rev() {
        given::mail(storage, mail.clone()).await;
    }
    assert_eq!(backlog().await, Backlog { waiting: 5, oldest: Some(NOW), parked: 0 });
    let [sent, parked, claimed, ..] = &mails;
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    outbox.mark_sent(sent.id, after(9)).await.unwrap();
    outbox.park(parked.id, after(9), "550 no such box").await.unwrap();
    outbox.claim(MailLane::Account, 1, after(9), after(99)).await.unwrap();
    drop(repositories);
    let expected = Backlog { waiting: 3, oldest: Some(claimed.created_at), parked: 1 };
    assert_eq!(backlog().await, expected);
}
