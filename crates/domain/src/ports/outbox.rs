use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    MailId,
    account::email::EmailAddress,
    mail::{Allowance, MailKind, MailLane, MailStateName, OutboxEntry, OutboxStats, StoredMail},
    pagination::{Page, PageQuery},
};

/// Stores outgoing messages. A message is written in the same transaction as the change that causes it.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OutboxRepository: Send {
    /// Adds a message, due immediately, in the lane of its kind. Its turn in the lane MUST be [`turn_at`] of
    /// the time of the request and of the latest turn of the messages from the same sender that wait in the
    /// lane.
    ///
    /// [`turn_at`]: crate::mail::queue::turn_at
    async fn enqueue(&mut self, entry: &OutboxEntry) -> Result<(), StorageError>;

    /// Adds a message as [`enqueue`] does, unless a message of the same kind was added for the same email
    /// address, compared without regard to case, on the same day (in UTC). Returns `true` if it added the
    /// message. Of many concurrent callers, exactly one MUST add it, by a constraint of the database.
    ///
    /// [`enqueue`]: OutboxRepository::enqueue
    async fn enqueue_once_a_day(&mut self, entry: &OutboxEntry) -> Result<bool, StorageError>;

    /// Takes one unit of an allowance. Returns `false`, and MUST change nothing, if the limit is reached.
    /// Concurrent callers MUST NOT get more units than the limit: this is one conditional statement. A unit
    /// that was taken in a unit of work that is dropped MUST be available again.
    async fn take(&mut self, allowance: &Allowance) -> Result<bool, StorageError>;

    /// Deletes up to `limit` allowances of days that began before `before`. Returns the number of allowances deleted.
    async fn delete_allowances(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError>;

    /// Leases up to `limit` due messages of a lane, those with the earliest turn first. Counts a delivery
    /// attempt for each, and makes them due again at `lease_until`, so a worker that crashes loses no
    /// message. If no turn has come, a message that was never tried, or the one that has been due the
    /// longest, MUST be leased all the same.
    ///
    /// A row that can't be read MUST be marked as failed and MUST NOT delay others. Two concurrent workers
    /// MUST NOT get the same message, nor wait for each other where the database can avoid it. The time that
    /// this takes MUST NOT grow with the number of waiting messages.
    async fn lease(
        &mut self,
        lane: MailLane,
        limit: u32,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
    ) -> Result<Vec<OutboxEntry>, StorageError>;

    /// Replaces a request with the message that it results in, addressed to the account's email address.
    async fn materialize(
        &mut self,
        id: MailId,
        to: &EmailAddress,
        subject: MailKind,
    ) -> Result<(), StorageError>;

    /// Marks a message as sent.
    async fn mark_sent(&mut self, id: MailId, now: OffsetDateTime) -> Result<(), StorageError>;

    /// Deletes a message that doesn't have to be sent, if its kind and token are still those of `entry`:
    /// after the lease has ended, another worker may have replaced the request with a message. It MUST be one
    /// conditional statement.
    async fn discard(&mut self, entry: &OutboxEntry) -> Result<(), StorageError>;

    /// Makes a message due again at `at`. Its next turn MUST come after those of its sender that wait in the
    /// lane, so a message that keeps failing delays no other.
    async fn retry(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError>;

    /// Makes a message due again at `at` without counting the last attempt, because the failure was unrelated
    /// to the message. The message MUST keep its turn, unless that is before `at`.
    async fn release(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError>;

    /// Marks a message as failed. It isn't tried again until the operator retries it.
    async fn mark_failed(
        &mut self,
        id: MailId,
        now: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError>;

    /// Returns the messages in a state, or all messages if `state` is `None`, newest first.
    async fn list(
        &mut self,
        state: Option<MailStateName>,
        page: PageQuery<MailId>,
    ) -> Result<Page<StoredMail, MailId>, StorageError>;

    /// Returns the message with this ID. Its row MUST be returned even if it can't be sent.
    async fn find(&mut self, id: MailId) -> Result<Option<StoredMail>, StorageError>;

    /// Makes a message due immediately, as if it had never been tried. Returns `true` if it did. A message
    /// that was sent MUST stay sent.
    async fn retry_now(&mut self, id: MailId, now: OffsetDateTime) -> Result<bool, StorageError>;

    /// Returns how many messages haven't been sent, in one query. The time that it takes MUST NOT grow with
    /// the number of sent messages.
    async fn backlog(&mut self) -> Result<OutboxStats, StorageError>;

    /// Deletes up to `limit` messages that were sent before `before`. Returns the number of messages deleted.
    async fn delete_sent(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError>;
}
