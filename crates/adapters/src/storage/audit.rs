use async_trait::async_trait;
use diesel::ExpressionMethods;
use diesel_async::RunQueryDsl;
use doorward_domain::{
    audit::AuditEvent,
    ports::{AuditRepository, StorageError},
};

use super::{
    column::{DbId, DbTime},
    dispatch::write,
    schema::audit_events,
    work::Work,
};

#[async_trait]
impl AuditRepository for Work {
    async fn record(&mut self, event: &AuditEvent) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::insert_into(audit_events::table)
                .values((
                    audit_events::id.eq(DbId::from(event.id)),
                    audit_events::kind.eq(event.kind.as_str()),
                    audit_events::at.eq(DbTime::from(event.at)),
                    audit_events::user_id.eq(event.user_id.map(DbId::from)),
                    audit_events::org_id.eq(event.org_id.map(DbId::from)),
                    audit_events::session_id.eq(event.session_id.map(DbId::from)),
                    audit_events::address.eq(event.client.address.to_string()),
                    audit_events::user_agent.eq(event.client.user_agent.as_deref()),
                    audit_events::request_id.eq(&event.client.request_id),
                ))
                .execute(conn)
                .await
        })?;
        Ok(())
    }
}
