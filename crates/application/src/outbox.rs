//! Messages that clients cause to addresses of their choice.

use doorward_domain::{
    email::EmailAddress,
    mail::{Allowance, MailSubject, OutboxEntry},
    ports::{StorageError, UnitOfWork},
};
use time::OffsetDateTime;

/// Queues a message, unless its address was sent as many of this kind as an hour and a day allow: by which account or
/// client it was caused doesn't matter.
pub(crate) async fn enqueue_limited(
    work: &mut dyn UnitOfWork,
    entry: &OutboxEntry,
) -> Result<(), StorageError> {
    if is_allowed(work, &entry.to, entry.subject, entry.created_at).await? {
        work.outbox().enqueue(entry).await?;
    }
    Ok(())
}

/// Counts a message, and returns `false` if it is one too many.
pub(crate) async fn is_allowed(
    work: &mut dyn UnitOfWork,
    to: &EmailAddress,
    kind: MailSubject,
    now: OffsetDateTime,
) -> Result<bool, StorageError> {
    for allowance in Allowance::messages_to(to, kind, now) {
        if !work.outbox().take(&allowance).await? {
            tracing::info!(
                subject = kind.as_str(),
                "message not sent: its address was sent enough of this kind"
            );
            return Ok(false);
        }
    }
    Ok(true)
}
