use async_trait::async_trait;
use doorward_domain::{
    MailId,
    email::EmailAddress,
    mail::{Backlog, MailStateName, MailSubject, OutboxEntry, StoredMail},
    page::{Page, PageRequest},
    ports::{OutboxRepository, StorageError},
};
use time::{OffsetDateTime, UtcOffset};

use super::{
    state::{Mail, State, is_there_already, page},
    work::Work,
};

impl State {
    fn claim_mails(
        &mut self,
        limit: u32,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
    ) -> Vec<OutboxEntry> {
        let is_due =
            |mail: &Mail| mail.sent_at.is_none() && mail.parked_at.is_none() && mail.due_at <= now;
        let mut due: Vec<_> = self.outbox.matching(is_due).collect();
        due.sort_by_key(|mail| (mail.due_at, mail.entry.id));
        let taken = due.into_iter().take(limit.try_into().unwrap_or(usize::MAX));
        let mut claimed: Vec<_> = taken
            .map(|mail| {
                mail.due_at = lease_until;
                mail.entry.attempts += 1;
                mail.entry.clone()
            })
            .collect();
        claimed.sort_by_key(|entry| (entry.created_at, entry.id));
        claimed
    }
}

impl Work {
    async fn change_mail(
        &mut self,
        id: MailId,
        change: impl FnOnce(&mut Mail) + Send,
    ) -> Result<(), StorageError> {
        self.write(|state| {
            if let Some(mail) = state.outbox.get_mut(&id) {
                change(mail);
            }
        })
        .await
    }
}

fn untried(entry: &OutboxEntry, once_key: Option<String>) -> Mail {
    let entry = OutboxEntry { attempts: 0, ..entry.clone() };
    let due_at = entry.created_at;
    Mail { entry, due_at, sent_at: None, parked_at: None, last_error: None, once_key }
}

fn stored(mail: &Mail) -> StoredMail {
    StoredMail {
        id: mail.entry.id,
        to: mail.entry.to.clone(),
        subject: mail.entry.subject.as_str().to_owned(),
        created_at: mail.entry.created_at,
        attempts: mail.entry.attempts,
        state: mail.state(),
        last_error: mail.last_error.clone(),
    }
}

#[async_trait]
impl OutboxRepository for Work {
    async fn enqueue(&mut self, entry: &OutboxEntry) -> Result<(), StorageError> {
        let mail = untried(entry, None);
        self.try_write(|state| {
            if state.outbox.insert(mail.entry.id, mail) { Ok(()) } else { Err(is_there_already()) }
        })
        .await
    }

    async fn enqueue_once_a_day(&mut self, entry: &OutboxEntry) -> Result<bool, StorageError> {
        let day = entry.created_at.to_offset(UtcOffset::UTC).date();
        let key = format!("{day} {} {}", entry.subject.as_str(), entry.to.key());
        let mail = untried(entry, Some(key));
        self.write(|state| {
            let is_taken = state.outbox.rows().any(|row| row.once_key == mail.once_key);
            !is_taken && state.outbox.insert(mail.entry.id, mail)
        })
        .await
    }

    async fn claim(
        &mut self,
        limit: u32,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
    ) -> Result<Vec<OutboxEntry>, StorageError> {
        self.write(|state| state.claim_mails(limit, now, lease_until)).await
    }

    async fn resolve(
        &mut self,
        id: MailId,
        to: &EmailAddress,
        subject: MailSubject,
    ) -> Result<(), StorageError> {
        self.change_mail(id, |mail| {
            mail.entry.to = to.clone();
            mail.entry.subject = subject;
        })
        .await
    }

    async fn mark_sent(&mut self, id: MailId, now: OffsetDateTime) -> Result<(), StorageError> {
        self.change_mail(id, |mail| {
            mail.sent_at = Some(now);
            mail.last_error = None;
        })
        .await
    }

    async fn discard(&mut self, entry: &OutboxEntry) -> Result<(), StorageError> {
        self.write(|state| {
            let stored = state.outbox.get(&entry.id);
            if stored.is_some_and(|mail| mail.entry.subject == entry.subject) {
                state.outbox.remove(&entry.id);
            }
        })
        .await
    }

    async fn retry(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        self.change_mail(id, |mail| {
            mail.due_at = at;
            mail.last_error = Some(error.to_owned());
        })
        .await
    }

    async fn put_back(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        self.change_mail(id, |mail| {
            mail.due_at = at;
            mail.entry.attempts = mail.entry.attempts.saturating_sub(1);
            mail.last_error = Some(error.to_owned());
        })
        .await
    }

    async fn park(
        &mut self,
        id: MailId,
        now: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        self.change_mail(id, |mail| {
            mail.parked_at = Some(now);
            mail.last_error = Some(error.to_owned());
        })
        .await
    }

    async fn list(
        &mut self,
        state: Option<MailStateName>,
        request: PageRequest<MailId>,
    ) -> Result<Page<StoredMail, MailId>, StorageError> {
        self.read(|stored_state| {
            let rows = stored_state.outbox.iter().rev().map(|(id, mail)| (*id, mail));
            let asked = |mail: &Mail| state.is_none_or(|state| mail.state().name() == state);
            page(rows.filter(|(_, mail)| asked(mail)), request, stored)
        })
        .await
    }

    async fn find(&mut self, id: MailId) -> Result<Option<StoredMail>, StorageError> {
        self.read(|state| state.outbox.get(&id).map(stored)).await
    }

    async fn release(&mut self, id: MailId, now: OffsetDateTime) -> Result<bool, StorageError> {
        self.write(|state| {
            let unsent = state.outbox.get_mut(&id).filter(|mail| mail.sent_at.is_none());
            let release = |mail: &mut Mail| {
                mail.due_at = now;
                mail.entry.attempts = 0;
                mail.parked_at = None;
            };
            unsent.map(release).is_some()
        })
        .await
    }

    async fn backlog(&mut self) -> Result<Backlog, StorageError> {
        self.read(|state| {
            let mut backlog = Backlog::default();
            for mail in state.outbox.rows() {
                match mail.state().name() {
                    MailStateName::Waiting => {
                        backlog.waiting += 1;
                        let asked = mail.entry.created_at;
                        backlog.oldest = Some(backlog.oldest.map_or(asked, |it| it.min(asked)));
                    }
                    MailStateName::Parked => backlog.parked += 1,
                    MailStateName::Sent => {}
                }
            }
            backlog
        })
        .await
    }

    async fn delete_sent(&mut self, before: OffsetDateTime) -> Result<usize, StorageError> {
        self.write(|state| {
            state.outbox.remove_all(|mail| mail.sent_at.is_some_and(|sent| sent < before))
        })
        .await
    }
}
