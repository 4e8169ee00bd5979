use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    AuditEventId, UserId,
    audit::AuditEvent,
    pagination::{Page, PageQuery},
};

/// Stores the audit trail.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AuditRepository: Send {
    /// Adds an entry.
    async fn record(&mut self, event: &AuditEvent) -> Result<(), StorageError>;

    /// Returns the entries about one user, or all entries if `user_id` is `None` (including those about no
    /// user), newest first. Entries of a kind that only a newer version of Doorward knows are left out.
    async fn list(
        &mut self,
        user_id: Option<UserId>,
        page: PageQuery<AuditEventId>,
    ) -> Result<Page<AuditEvent, AuditEventId>, StorageError>;

    /// Deletes up to `limit` entries made before `before`. Returns the number of entries deleted.
    async fn delete_before(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError>;
}
