use async_trait::async_trait;
use diesel::{ExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    AuditEventId, UserId,
    audit::{AuditEvent, AuditKind},
    pagination::{Page, PageQuery},
    ports::{AuditRepository, StorageError},
    request_context::RequestContext,
};
use time::OffsetDateTime;

use crate::storage::{
    error::CorruptRow,
    sql::{
        column::{DbId, DbTime},
        dispatch::{read, write},
        row::{counter_to_db, one_more},
        schema::audit_events,
        selection::row,
        statement::statement,
    },
    unit_of_work::SqlUnitOfWork,
};

#[async_trait]
impl AuditRepository for SqlUnitOfWork {
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
                    audit_events::address.eq(event.client.ip.to_string()),
                    audit_events::user_agent.eq(event.client.user_agent.as_deref()),
                    audit_events::request_id.eq(&event.client.request_id),
                ))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn list(
        &mut self,
        user_id: Option<UserId>,
        page: PageQuery<AuditEventId>,
    ) -> Result<Page<AuditEvent, AuditEventId>, StorageError> {
        // IDs sort by creation time.
        let before = DbId::from(page.after.unwrap_or(AuditEventId::LAST));
        let one_more = one_more(page.limit);
        let rows = read!(self, |conn| {
            let query = audit_events::table
                .filter(audit_events::id.lt(before))
                .order(audit_events::id.desc())
                .limit(one_more)
                .select(EventRow::as_select())
                .into_boxed();
            let query = match user_id.map(DbId::from) {
                Some(user_id) => query.filter(audit_events::user_id.eq(user_id)),
                None => query,
            };
            query.load::<EventRow>(conn).await
        })?;
        let Page { items, next } = Page::new(rows, page.limit, |row| row.id.into());
        let items = items.into_iter().filter_map(|row| row.into_event().transpose());
        Ok(Page { items: items.collect::<Result<_, _>>()?, next })
    }

    async fn delete_before(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError> {
        write!(self, |conn| {
            DeleteEvents { before: before.into(), limit: counter_to_db(limit) }.execute(conn).await
        })
    }
}

statement! {
    DeleteEvents -> () { before: DbTime, limit: i32 }
    "DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events WHERE at < ", before, " LIMIT ", limit, ")",
}

row! {
    /// A row of `audit_events`.
    struct EventRow from audit_events as EventColumns {
        id: DbId,
        kind: String,
        at: DbTime,
        user_id: Option<DbId>,
        org_id: Option<DbId>,
        session_id: Option<DbId>,
        address: String,
        user_agent: Option<String>,
        request_id: String,
    }
}

impl EventRow {
    /// Returns `None` if a newer version of the server wrote the event.
    fn into_event(self) -> Result<Option<AuditEvent>, CorruptRow> {
        let Some(kind) = AuditKind::parse(&self.kind) else { return Ok(None) };
        let address = self.address.parse().map_err(|_| CorruptRow {
            table: "audit_events",
            column: "address",
            row: AuditEventId::from(self.id).to_string(),
            problem: "not an IP address".to_owned(),
        })?;
        let (user_agent, request_id) = (self.user_agent, self.request_id);
        Ok(Some(AuditEvent {
            id: self.id.into(),
            kind,
            at: self.at.into(),
            user_id: self.user_id.map(Into::into),
            org_id: self.org_id.map(Into::into),
            session_id: self.session_id.map(Into::into),
            client: RequestContext { ip: address, is_forwarded: false, user_agent, request_id },
        }))
    }
}
