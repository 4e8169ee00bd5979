use async_trait::async_trait;

use super::StorageError;
use crate::audit::AuditEvent;

/// The audit trail.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AuditRepository: Send {
    /// Adds an entry.
    async fn record(&mut self, event: &AuditEvent) -> Result<(), StorageError>;
}
