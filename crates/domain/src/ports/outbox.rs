use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    MailId,
    email::EmailAddress,
    mail::{Allowance, Backlog, MailLane, MailStateName, MailSubject, OutboxEntry, StoredMail},
    page::{Page, PageRequest},
};

/// Mails that have to go out, written in the transaction that causes them.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OutboxRepository: Send {
    /// Adds a message, due at once, in the lane of its subject. Its turn there MUST be [`turn_at`] of when it was asked
    /// for and the latest turn of those of its sender that wait in the lane.
    ///
    /// [`turn_at`]: crate::mail::queue::turn_at
    async fn enqueue(&mut self, entry: &OutboxEntry) -> Result<(), StorageError>;

    /// Adds a mail as [`enqueue`] does, and says whether it did: not where one about the same was added to the same
    /// address, without regard to case, on the same day (in UTC). Of many callers at the same moment exactly
    /// one MUST add it, by a constraint of the database.
    ///
    /// [`enqueue`]: OutboxRepository::enqueue
    async fn enqueue_once_a_day(&mut self, entry: &OutboxEntry) -> Result<bool, StorageError>;

    /// Takes one of an allowance. Returns `false`, and MUST change nothing, if as many as its limit were taken. Of
    /// many callers at the same moment no more than that MUST get one: it is one conditional statement. What was
    /// taken in a unit of work that is dropped MUST be there again.
    async fn take(&mut self, allowance: &Allowance) -> Result<bool, StorageError>;

    /// Forgets the allowances of days that began before a time. Returns the number of allowances.
    async fn delete_allowances(&mut self, before: OffsetDateTime) -> Result<usize, StorageError>;

    /// Takes up to `limit` mails of a lane that are due, those first whose turn comes first, counts the try, and makes
    /// them due again at `lease_until`: a worker that dies loses no mail. Where no turn has come, one that was never
    /// tried or one that is due for longest MUST be taken all the same. A row that can't be read MUST be parked
    /// and hold up no other. Two workers at the same moment MUST
    /// NOT get the same mail, nor wait for one another where the database can avoid it. It MUST NOT take longer the
    /// more mails wait.
    async fn claim(
        &mut self,
        lane: MailLane,
        limit: u32,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
    ) -> Result<Vec<OutboxEntry>, StorageError>;

    /// Turns a request into the mail that it leads to, to the address that the account has.
    async fn resolve(
        &mut self,
        id: MailId,
        to: &EmailAddress,
        subject: MailSubject,
    ) -> Result<(), StorageError>;

    /// Marks a mail as sent.
    async fn mark_sent(&mut self, id: MailId, now: OffsetDateTime) -> Result<(), StorageError>;

    /// Removes a mail that leads nowhere, if it still is about what this entry is about: when the lease has ended,
    /// another worker may have turned the request into a mail. It MUST be one conditional statement.
    async fn discard(&mut self, entry: &OutboxEntry) -> Result<(), StorageError>;

    /// Makes a mail due again at `at`. Its next turn MUST come after those of its sender that wait in the lane: one that
    /// fails again and again holds up no other.
    async fn retry(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError>;

    /// Makes a mail due again at `at`, and takes its last try back: it was not for the mail's sake
    /// that it failed. It MUST keep its turn, unless that is before `at`.
    async fn put_back(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError>;

    /// Gives up on a mail, until somebody looks after it.
    async fn park(
        &mut self,
        id: MailId,
        now: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError>;

    /// The mails in a state, or all, newest first.
    async fn list(
        &mut self,
        state: Option<MailStateName>,
        page: PageRequest<MailId>,
    ) -> Result<Page<StoredMail, MailId>, StorageError>;

    /// The mail with this id. Its row MUST be shown even where it can't be sent.
    async fn find(&mut self, id: MailId) -> Result<Option<StoredMail>, StorageError>;

    /// Makes a mail due at once, as if it had not been tried, and says whether it did. One that was sent MUST
    /// stay so.
    async fn release(&mut self, id: MailId, now: OffsetDateTime) -> Result<bool, StorageError>;

    /// How much has not gone out, in one query that MUST NOT take longer the more mails have.
    async fn backlog(&mut self) -> Result<Backlog, StorageError>;

    /// Deletes mails that were sent before a time, and says how many it were.
    async fn delete_sent(&mut self, before: OffsetDateTime) -> Result<usize, StorageError>;
}
