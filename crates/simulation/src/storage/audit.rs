use async_trait::async_trait;
use doorward_domain::{
    AuditEventId, UserId,
    audit::AuditEvent,
    pagination::{Page, PageQuery},
    ports::{AuditRepository, StorageError},
};
use time::OffsetDateTime;

use super::{
    state::{is_there_already, page},
    work::Work,
};

#[async_trait]
impl AuditRepository for Work {
    async fn record(&mut self, event: &AuditEvent) -> Result<(), StorageError> {
        self.try_write(|state| {
            let is_new = state.audit.insert(event.id, event.clone());
            if is_new { Ok(()) } else { Err(is_there_already()) }
        })
        .await
    }

    async fn list(
        &mut self,
        user_id: Option<UserId>,
        request: PageQuery<AuditEventId>,
    ) -> Result<Page<AuditEvent, AuditEventId>, StorageError> {
        self.read(|state| {
            let rows = state.audit.iter().rev().map(|(id, event)| (*id, event));
            let of_user = rows.filter(|(_, event)| user_id.is_none() || event.user_id == user_id);
            page(of_user, request, AuditEvent::clone)
        })
        .await
    }

    async fn delete_before(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError> {
        self.write(|state| state.audit.remove_some(limit, |_, event| event.at < before)).await
    }
}
