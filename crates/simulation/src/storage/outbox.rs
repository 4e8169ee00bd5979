use async_trait::async_trait;
use doorward_domain::{
    MailId,
    account::email::EmailAddress,
    mail::{
        Allowance, MailKind, MailLane, MailStateName, OutboxEntry, OutboxStats, StoredMail,
        queue::turn_at,
    },
    pagination::{Page, PageQuery},
    ports::{OutboxRepository, StorageError},
};
use time::{OffsetDateTime, UtcOffset};

use super::{
    state::{Mail, State, is_there_already, page},
    work::Work,
};

impl State {
    /// Returns the latest turn of the other waiting messages from an entry's sender in its lane.
    fn latest_turn(&self, entry: &OutboxEntry) -> Option<OffsetDateTime> {
        let others =
            self.outbox.rows().filter(|mail| mail.is_waiting() && mail.entry.id != entry.id);
        let lane = entry.subject.lane();
        let theirs = others
            .filter(|mail| mail.entry.sender == entry.sender && mail.entry.subject.lane() == lane);
        theirs.map(|mail| mail.turn_at).max()
    }

    /// Adds a message, unless there is one with its ID.
    fn enqueue(&mut self, mail: Mail) -> bool {
        let turn_at = turn_at(mail.entry.created_at, self.latest_turn(&mail.entry));
        self.outbox.insert(mail.entry.id, Mail { turn_at, ..mail })
    }

    fn lease_messages(
        &mut self,
        lane: MailLane,
        limit: u32,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
    ) -> Vec<OutboxEntry> {
        let is_due = |mail: &Mail| {
            mail.is_waiting() && mail.due_at <= now && mail.entry.subject.lane() == lane
        };
        let mut due: Vec<_> = self.outbox.matching(is_due).collect();
        due.sort_by_key(|mail| (mail.turn_at, mail.entry.id));
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
    Mail {
        entry,
        due_at,
        turn_at: due_at,
        sent_at: None,
        failed_at: None,
        last_error: None,
        once_key,
    }
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
        self.try_write(|state| if state.enqueue(mail) { Ok(()) } else { Err(is_there_already()) })
            .await
    }

    async fn enqueue_once_a_day(&mut self, entry: &OutboxEntry) -> Result<bool, StorageError> {
        let day = entry.created_at.to_offset(UtcOffset::UTC).date();
        let key = format!("{day} {} {}", entry.subject.as_str(), entry.to.key());
        let mail = untried(entry, Some(key));
        self.write(|state| {
            let is_taken = state.outbox.rows().any(|row| row.once_key == mail.once_key);
            !is_taken && state.enqueue(mail)
        })
        .await
    }

    async fn take(&mut self, allowance: &Allowance) -> Result<bool, StorageError> {
        let key = (allowance.began_at(), allowance.key().to_owned());
        self.write(|state| match state.mail_allowances.get_mut(&key) {
            Some(used) if *used >= allowance.limit() => false,
            Some(used) => {
                *used += 1;
                true
            }
            None => state.mail_allowances.insert(key, 1),
        })
        .await
    }

    async fn delete_allowances(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError> {
        self.write(|state| state.mail_allowances.remove_some(limit, |(day, _), _| *day < before))
            .await
    }

    async fn lease(
        &mut self,
        lane: MailLane,
        limit: u32,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
    ) -> Result<Vec<OutboxEntry>, StorageError> {
        self.write(|state| state.lease_messages(lane, limit, now, lease_until)).await
    }

    async fn materialize(
        &mut self,
        id: MailId,
        to: &EmailAddress,
        subject: MailKind,
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
        self.write(|state| {
            let Some(mail) = state.outbox.get(&id) else { return };
            let turn_at = turn_at(at, state.latest_turn(&mail.entry));
            if let Some(mail) = state.outbox.get_mut(&id) {
                (mail.due_at, mail.turn_at) = (at, turn_at);
                mail.last_error = Some(error.to_owned());
            }
        })
        .await
    }

    async fn release(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        self.change_mail(id, |mail| {
            mail.due_at = at;
            mail.turn_at = mail.turn_at.max(at);
            mail.entry.attempts = mail.entry.attempts.saturating_sub(1);
            mail.last_error = Some(error.to_owned());
        })
        .await
    }

    async fn mark_failed(
        &mut self,
        id: MailId,
        now: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        self.change_mail(id, |mail| {
            mail.failed_at = Some(now);
            mail.last_error = Some(error.to_owned());
        })
        .await
    }

    async fn list(
        &mut self,
        state: Option<MailStateName>,
        request: PageQuery<MailId>,
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

    async fn retry_now(&mut self, id: MailId, now: OffsetDateTime) -> Result<bool, StorageError> {
        self.write(|state| {
            let unsent = state.outbox.get_mut(&id).filter(|mail| mail.sent_at.is_none());
            let release = |mail: &mut Mail| {
                (mail.due_at, mail.turn_at) = (now, now);
                mail.entry.attempts = 0;
                mail.failed_at = None;
            };
            unsent.map(release).is_some()
        })
        .await
    }

    async fn backlog(&mut self) -> Result<OutboxStats, StorageError> {
        self.read(|state| {
            let mut backlog = OutboxStats::default();
            for mail in state.outbox.rows() {
                match mail.state().name() {
                    MailStateName::Waiting => {
                        backlog.waiting += 1;
                        let asked = mail.entry.created_at;
                        backlog.oldest = Some(backlog.oldest.map_or(asked, |it| it.min(asked)));
                    }
                    MailStateName::Failed => backlog.failed += 1,
                    MailStateName::Sent => {}
                }
            }
            backlog
        })
        .await
    }

    async fn delete_sent(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError> {
        self.write(|state| {
            let is_old = |sent: OffsetDateTime| sent < before;
            state.outbox.remove_some(limit, |_, mail| mail.sent_at.is_some_and(is_old))
        })
        .await
    }
}
