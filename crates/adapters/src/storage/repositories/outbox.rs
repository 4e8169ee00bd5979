mod statements;

use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper, dsl,
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    MailId,
    account::email::EmailAddress,
    error::chain,
    mail::{
        Allowance, MailKind, MailLane, MailSender, MailState, MailStateName, OutboxEntry,
        OutboxStats, StoredMail,
    },
    pagination::{Page, PageQuery},
    ports::{OutboxRepository, StorageError},
    token::TokenRef,
};
use time::{OffsetDateTime, UtcOffset};
use tracing::Instrument;

use crate::storage::{
    sql::{
        column::{DbId, DbTime},
        dialect::{self, ClaimedRow, QueuedRow},
        dispatch::{read, sql_span, write},
        row::{corrupt, counter_from_db, counter_to_db},
        schema::outbox,
        selection::row,
        statement::statement,
    },
    unit_of_work::SqlUnitOfWork,
};
use statements::{BacklogRow, CountBacklog, DeleteAllowances, DeleteSent, TakeAllowance};

fn entry(row: ClaimedRow) -> Result<OutboxEntry, StorageError> {
    let (
        id,
        recipient,
        subject,
        sender,
        token_row,
        token_counter,
        session_id,
        created_at,
        attempts,
    ) = row;
    let token = match (token_row, token_counter) {
        (Some(row), Some(counter)) => {
            Some(TokenRef { id: row.0, counter: counter_from_db(counter, "outbox", id)? })
        }
        _ => None,
    };
    Ok(OutboxEntry {
        id: id.into(),
        to: EmailAddress::from_stored(recipient),
        subject: MailKind::from_stored(&subject, token, session_id.map(Into::into))
            .ok_or_else(|| corrupt("outbox", "subject", id, &subject))?,
        sender: MailSender::from_stored(sender),
        created_at: created_at.into(),
        attempts: counter_from_db(attempts, "outbox", id)?,
    })
}

row! {
    /// A row of the outbox without its token.
    struct MailRow from outbox as MailColumns {
        id: DbId,
        recipient: String,
        subject: String,
        created_at: DbTime,
        due_at: DbTime,
        attempts: i32,
        sent_at: Option<DbTime>,
        failed_at: Option<DbTime>,
        last_error: Option<String>,
    }
}

impl MailRow {
    fn into_stored(self) -> Result<StoredMail, StorageError> {
        let state = match (self.sent_at, self.failed_at) {
            (Some(at), _) => MailState::Sent { at: at.into() },
            (None, Some(at)) => MailState::Failed { at: at.into() },
            (None, None) => MailState::Waiting { due_at: self.due_at.into() },
        };
        Ok(StoredMail {
            id: self.id.into(),
            to: EmailAddress::from_stored(self.recipient),
            subject: self.subject,
            created_at: self.created_at.into(),
            attempts: counter_from_db(self.attempts, "outbox", self.id)?,
            state,
            last_error: self.last_error,
        })
    }
}

fn token_columns(subject: MailKind) -> (Option<DbId>, Option<i32>) {
    match subject.token() {
        Some((_, token)) => (Some(token.id.into()), Some(counter_to_db(token.counter))),
        None => (None, None),
    }
}

fn queued(entry: &OutboxEntry, once_key: Option<String>) -> QueuedRow {
    let (token_row, token_counter) = token_columns(entry.subject);
    QueuedRow {
        id: entry.id.into(),
        recipient: entry.to.as_str().to_owned(),
        subject: entry.subject.as_str(),
        lane: entry.subject.lane().as_str(),
        sender: entry.sender.as_str().to_owned(),
        token_row,
        token_counter,
        session_id: entry.subject.session().map(Into::into),
        created_at: entry.created_at.into(),
        once_key,
    }
}

statement! {
    /// The condition keeps the row if another worker has changed it meanwhile. A message about one subject always
    /// uses the same row.
    DiscardMail -> () {
        id: DbId,
        subject: &'static str,
        token_counter: Option<i32>,
    }
    "DELETE FROM outbox WHERE id = ", id, " AND subject = ", subject,
    " AND token_counter IS NOT DISTINCT FROM ", token_counter,
}

#[async_trait]
impl OutboxRepository for SqlUnitOfWork {
    async fn enqueue(&mut self, entry: &OutboxEntry) -> Result<(), StorageError> {
        let row = queued(entry, None);
        dialect::enqueue_mail(self, row).instrument(sql_span!("write")).await?;
        Ok(())
    }

    async fn enqueue_once_a_day(&mut self, entry: &OutboxEntry) -> Result<bool, StorageError> {
        let day = entry.created_at.to_offset(UtcOffset::UTC).date();
        let key = format!("{day} {} {}", entry.subject.as_str(), entry.to.key());
        let row = queued(entry, Some(key));
        dialect::enqueue_mail(self, row).instrument(sql_span!("write")).await
    }

    async fn take(&mut self, allowance: &Allowance) -> Result<bool, StorageError> {
        let limit = i32::try_from(allowance.limit()).unwrap_or(i32::MAX);
        let taken = write!(self, |conn| {
            let take = TakeAllowance {
                key: allowance.key().to_owned(),
                day: allowance.began_at().into(),
                limit,
            };
            take.execute(conn).await
        })?;
        Ok(taken == 1)
    }

    async fn delete_allowances(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError> {
        write!(self, |conn| {
            DeleteAllowances { before: before.into(), limit: counter_to_db(limit) }
                .execute(conn)
                .await
        })
    }

    async fn lease(
        &mut self,
        lane: MailLane,
        limit: u32,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
    ) -> Result<Vec<OutboxEntry>, StorageError> {
        let limit = i32::try_from(limit).unwrap_or(i32::MAX);
        let claimed = dialect::claim_mail(self, lane, limit, now.into(), lease_until.into());
        let mut rows = claimed.instrument(sql_span!("write")).await?;
        // RETURNING does not guarantee an order.
        rows.sort_by_key(|(id, .., created_at, _)| (*created_at, id.0));
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.0;
            match entry(row) {
                Ok(entry) => entries.push(entry),
                // The row must not block other messages. It is kept so that an operator can inspect it.
                Err(error) => {
                    tracing::error!(mail_id = %id.0, error = %chain(&error), "cannot read a queued message; marked as failed");
                    self.mark_failed(id.into(), now, &chain(&error)).await?;
                }
            }
        }
        Ok(entries)
    }

    async fn materialize(
        &mut self,
        id: MailId,
        to: &EmailAddress,
        subject: MailKind,
    ) -> Result<(), StorageError> {
        let (token_row, token_counter) = token_columns(subject);
        write!(self, |conn| {
            diesel::update(outbox::table.find(DbId::from(id)))
                .set((
                    outbox::recipient.eq(to.as_str()),
                    outbox::subject.eq(subject.as_str()),
                    outbox::token_row.eq(token_row),
                    outbox::token_counter.eq(token_counter),
                ))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn mark_sent(&mut self, id: MailId, now: OffsetDateTime) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::update(outbox::table.find(DbId::from(id)))
                .set((outbox::sent_at.eq(DbTime::from(now)), outbox::last_error.eq(None::<String>)))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn discard(&mut self, entry: &OutboxEntry) -> Result<(), StorageError> {
        let (_, token_counter) = token_columns(entry.subject);
        write!(self, |conn| {
            DiscardMail { id: entry.id.into(), subject: entry.subject.as_str(), token_counter }
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn retry(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        let (at, error) = (at.into(), error.to_owned());
        dialect::retry_mail(self, id.into(), at, error).instrument(sql_span!("write")).await
    }

    async fn release(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        let (at, error) = (at.into(), error.to_owned());
        dialect::put_back_mail(self, id.into(), at, error).instrument(sql_span!("write")).await
    }

    async fn mark_failed(
        &mut self,
        id: MailId,
        now: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::update(outbox::table.find(DbId::from(id)))
                .set((outbox::failed_at.eq(DbTime::from(now)), outbox::last_error.eq(error)))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn list(
        &mut self,
        state: Option<MailStateName>,
        page: PageQuery<MailId>,
    ) -> Result<Page<StoredMail, MailId>, StorageError> {
        // IDs sort by creation time.
        let before = DbId::from(page.after.unwrap_or(MailId::LAST));
        let one_more = i64::try_from(page.limit.get() + 1).unwrap_or(i64::MAX);
        let rows = read!(self, |conn| {
            let query = outbox::table
                .filter(outbox::id.lt(before))
                .order(outbox::id.desc())
                .limit(one_more)
                .select(MailRow::as_select())
                .into_boxed();
            let is_sent = outbox::sent_at.is_not_null();
            let is_failed = outbox::failed_at.is_not_null();
            let query = match state {
                None => query,
                Some(MailStateName::Sent) => query.filter(is_sent),
                Some(MailStateName::Failed) => query.filter(dsl::not(is_sent).and(is_failed)),
                Some(MailStateName::Waiting) => query.filter(dsl::not(is_sent.or(is_failed))),
            };
            query.load::<MailRow>(conn).await
        })?;
        let found: Result<Vec<_>, StorageError> =
            rows.into_iter().map(MailRow::into_stored).collect();
        Ok(Page::new(found?, page.limit, |mail| mail.id))
    }

    async fn find(&mut self, id: MailId) -> Result<Option<StoredMail>, StorageError> {
        let row = read!(self, |conn| {
            outbox::table
                .find(DbId::from(id))
                .select(MailRow::as_select())
                .first::<MailRow>(conn)
                .await
                .optional()
        })?;
        row.map(MailRow::into_stored).transpose()
    }

    async fn retry_now(&mut self, id: MailId, now: OffsetDateTime) -> Result<bool, StorageError> {
        let released = write!(self, |conn| {
            diesel::update(outbox::table.find(DbId::from(id)).filter(outbox::sent_at.is_null()))
                .set((
                    outbox::due_at.eq(DbTime::from(now)),
                    outbox::turn_at.eq(DbTime::from(now)),
                    outbox::attempts.eq(0),
                    outbox::failed_at.eq(None::<DbTime>),
                ))
                .execute(conn)
                .await
        })?;
        Ok(released == 1)
    }

    async fn backlog(&mut self) -> Result<OutboxStats, StorageError> {
        let (waiting, oldest, failed) =
            read!(self, |conn| CountBacklog {}.get_result::<BacklogRow>(conn).await)?;
        let count = |rows: i64| rows.try_into().unwrap_or_default();
        let oldest = oldest.map(Into::into);
        Ok(OutboxStats { waiting: count(waiting), oldest, failed: count(failed) })
    }

    async fn delete_sent(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError> {
        write!(self, |conn| {
            DeleteSent { before: before.into(), limit: counter_to_db(limit) }.execute(conn).await
        })
    }
}
