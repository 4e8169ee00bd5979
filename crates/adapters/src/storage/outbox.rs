use async_trait::async_trait;
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    MailId,
    email::EmailAddress,
    error::chain,
    mail::{MailSubject, OutboxEntry},
    ports::{OutboxRepository, StorageError},
    token::TokenRef,
};
use time::OffsetDateTime;

use super::{
    column::{DbId, DbTime},
    dialect::{self, ClaimedRow},
    dispatch::write,
    row::{corrupt, counter_from_db, counter_to_db},
    schema::outbox,
    work::Work,
};

fn entry(row: ClaimedRow) -> Result<OutboxEntry, StorageError> {
    let (id, recipient, subject, token_row, token_counter, created_at, attempts) = row;
    let token = match (token_row, token_counter) {
        (Some(row), Some(counter)) => {
            Some(TokenRef { row: row.0, counter: counter_from_db(counter, "outbox", id)? })
        }
        _ => None,
    };
    Ok(OutboxEntry {
        id: id.into(),
        to: EmailAddress::from_stored(recipient),
        subject: MailSubject::from_stored(&subject, token)
            .ok_or_else(|| corrupt("outbox", "subject", id, &subject))?,
        created_at: created_at.into(),
        attempts: counter_from_db(attempts, "outbox", id)?,
    })
}

fn token_columns(subject: MailSubject) -> (Option<DbId>, Option<i32>) {
    match subject.token() {
        Some((_, token)) => (Some(token.row.into()), Some(counter_to_db(token.counter))),
        None => (None, None),
    }
}

#[async_trait]
impl OutboxRepository for Work {
    async fn enqueue(&mut self, entry: &OutboxEntry) -> Result<(), StorageError> {
        let (token_row, token_counter) = token_columns(entry.subject);
        let created_at = DbTime::from(entry.created_at);
        write!(self, |conn| {
            diesel::insert_into(outbox::table)
                .values((
                    outbox::id.eq(DbId::from(entry.id)),
                    outbox::recipient.eq(entry.to.as_str()),
                    outbox::subject.eq(entry.subject.as_str()),
                    outbox::token_row.eq(token_row),
                    outbox::token_counter.eq(token_counter),
                    outbox::created_at.eq(created_at),
                    outbox::due_at.eq(created_at),
                    outbox::attempts.eq(0),
                ))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn claim(
        &mut self,
        limit: u32,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
    ) -> Result<Vec<OutboxEntry>, StorageError> {
        let limit = i32::try_from(limit).unwrap_or(i32::MAX);
        let mut rows = dialect::claim_mail(self, limit, now.into(), lease_until.into()).await?;
        // RETURNING promises no order.
        rows.sort_by_key(|(id, .., created_at, _)| (*created_at, id.0));
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.0;
            match entry(row) {
                Ok(entry) => entries.push(entry),
                // It holds up nobody else's mail, and is there for whoever looks after it.
                Err(error) => {
                    tracing::error!(mail_id = %id.0, error = %chain(&error), "mail can't be read, given up");
                    self.park(id.into(), now, &chain(&error)).await?;
                }
            }
        }
        Ok(entries)
    }

    async fn resolve(
        &mut self,
        id: MailId,
        to: &EmailAddress,
        subject: MailSubject,
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

    async fn discard(&mut self, id: MailId) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::delete(outbox::table.find(DbId::from(id))).execute(conn).await
        })?;
        Ok(())
    }

    async fn retry(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::update(outbox::table.find(DbId::from(id)))
                .set((outbox::due_at.eq(DbTime::from(at)), outbox::last_error.eq(error)))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn put_back(
        &mut self,
        id: MailId,
        at: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::update(outbox::table.find(DbId::from(id)))
                .set((
                    outbox::due_at.eq(DbTime::from(at)),
                    outbox::attempts.eq(outbox::attempts - 1),
                    outbox::last_error.eq(error),
                ))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn park(
        &mut self,
        id: MailId,
        now: OffsetDateTime,
        error: &str,
    ) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::update(outbox::table.find(DbId::from(id)))
                .set((outbox::parked_at.eq(DbTime::from(now)), outbox::last_error.eq(error)))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn delete_sent(&mut self, before: OffsetDateTime) -> Result<usize, StorageError> {
        write!(self, |conn| {
            diesel::delete(outbox::table.filter(outbox::sent_at.lt(DbTime::from(before))))
                .execute(conn)
                .await
        })
    }
}
