//! Limits on emails that clients can trigger to addresses of their choice.

use doorward_domain::{
    account::email::EmailAddress,
    mail::{Allowance, MailKind, OutboxEntry},
    ports::{StorageError, UnitOfWork},
};
use time::OffsetDateTime;

/// Queues a message, unless its email address has reached the hourly or daily limit for this kind of message. The limit
/// counts messages of all accounts and clients together.
pub(crate) async fn enqueue_limited(
    work: &mut dyn UnitOfWork,
    entry: &OutboxEntry,
) -> Result<(), StorageError> {
    if is_allowed(work, &entry.to, entry.subject, entry.created_at).await? {
        work.outbox().enqueue(entry).await?;
    }
    Ok(())
}

/// Counts a message. Returns `false` if it exceeds a limit.
pub(crate) async fn is_allowed(
    work: &mut dyn UnitOfWork,
    to: &EmailAddress,
    kind: MailKind,
    now: OffsetDateTime,
) -> Result<bool, StorageError> {
    for allowance in Allowance::messages_to(to, kind, now) {
        if !work.outbox().take(&allowance).await? {
            tracing::info!(
                subject = kind.as_str(),
                "message not sent: too many messages of this kind to the same address"
            );
            return Ok(false);
        }
    }
    Ok(true)
}
