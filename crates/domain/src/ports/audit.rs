use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    AuditEventId, UserId,
    audit::AuditEvent,
    page::{Page, PageRequest},
};

/// The audit trail.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AuditRepository: Send {
    /// Adds an entry.
    async fn record(&mut self, event: &AuditEvent) -> Result<(), StorageError>;

    /// The entries about one user, or about all and nobody, newest first. Those of a kind that only a
    /// newer version knows are left out.
    async fn list(
        &mut self,
        user_id: Option<UserId>,
        page: PageRequest<AuditEventId>,
    ) -> Result<Page<AuditEvent, AuditEventId>, StorageError>;

    /// Deletes the entries of before, and says how many it were.
    async fn delete_before(&mut self, before: OffsetDateTime) -> Result<usize, StorageError>;
}
