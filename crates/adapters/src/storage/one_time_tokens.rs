use async_trait::async_trait;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper,
    sql_types::{Integer, Nullable, Text},
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    UserId,
    email::EmailAddress,
    one_time_token::{IssueOneTimeToken, OneTimePurpose, OneTimeToken},
    ports::{OneTimeTokenRepository, StorageError},
    token::TokenRef,
};
use time::OffsetDateTime;

use super::{
    column::{DbId, DbTime, Id, Instant},
    dispatch::{read, write, written},
    error::CorruptRow,
    row::{counter_from_db, counter_to_db},
    schema::one_time_tokens,
    selection::row,
    statement::statement,
    work::Work,
};

row! {
    struct TokenRow from one_time_tokens as TokenColumns {
        id: DbId,
        user_id: DbId,
        email: String,
        counter: i32,
        issued_at: DbTime,
        expires_at: DbTime,
        used_at: Option<DbTime>,
    }
}

impl TryFrom<TokenRow> for OneTimeToken {
    type Error = CorruptRow;

    fn try_from(row: TokenRow) -> Result<Self, CorruptRow> {
        Ok(Self {
            id: row.id.into(),
            user_id: row.user_id.into(),
            email: EmailAddress::from_stored(row.email),
            counter: counter_from_db(row.counter, "one_time_tokens", row.id)?,
            issued_at: row.issued_at.into(),
            expires_at: row.expires_at.into(),
            used_at: row.used_at.map(Into::into),
        })
    }
}

statement! {
    /// Issues, unless the one before is for the same address and too young. The row that comes back is the permission.
    IssueToken -> (Id, Integer) {
        id: DbId,
        user_id: DbId,
        purpose: &'static str,
        email: String,
        issued_at: DbTime,
        expires_at: DbTime,
        issued_before: DbTime,
    }
    "INSERT INTO one_time_tokens (id, user_id, purpose, email, counter, issued_at, expires_at) \
     VALUES (", id, ", ", user_id, ", ", purpose, ", ", email, ", 1, ", issued_at, ", ",
    expires_at, ") ON CONFLICT (user_id, purpose) DO UPDATE SET email = excluded.email, \
        counter = one_time_tokens.counter + 1, issued_at = excluded.issued_at, \
        expires_at = excluded.expires_at, used_at = NULL \
     WHERE one_time_tokens.issued_at <= ", issued_before,
    " OR one_time_tokens.email <> excluded.email RETURNING id, counter",
}

statement! {
    /// Uses up. The row that comes back is the permission.
    ConsumeToken -> (Id, Id, Text, Integer, Instant, Instant, Nullable<Instant>) {
        id: DbId,
        counter: i32,
        purpose: &'static str,
        now: DbTime,
    }
    "UPDATE one_time_tokens SET used_at = ", now, " WHERE id = ", id, " AND counter = ", counter,
    " AND purpose = ", purpose, " AND used_at IS NULL AND expires_at > ", now,
    " RETURNING id, user_id, email, counter, issued_at, expires_at, used_at",
}

#[async_trait]
impl OneTimeTokenRepository for Work {
    async fn issue(&mut self, issue: &IssueOneTimeToken) -> Result<Option<TokenRef>, StorageError> {
        let row = write!(self, |conn| {
            written(
                IssueToken {
                    id: issue.id.into(),
                    user_id: issue.user_id.into(),
                    purpose: issue.purpose.as_str(),
                    email: issue.email.as_str().to_owned(),
                    issued_at: issue.now.into(),
                    expires_at: (issue.now + issue.purpose.lifetime()).into(),
                    issued_before: (issue.now - OneTimePurpose::INTERVAL).into(),
                }
                .load::<(DbId, i32)>(conn)
                .await,
            )
        })?;
        let Some((id, counter)) = row else { return Ok(None) };
        let counter = counter_from_db(counter, "one_time_tokens", id)?;
        Ok(Some(TokenRef { row: id.0, counter }))
    }

    async fn find(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
    ) -> Result<Option<OneTimeToken>, StorageError> {
        let row = read!(self, |conn| {
            one_time_tokens::table
                .find(DbId::from(token.row))
                .filter(one_time_tokens::purpose.eq(purpose.as_str()))
                .select(TokenRow::as_select())
                .first(conn)
                .await
                .optional()
        })?;
        row.map(OneTimeToken::try_from).transpose().map_err(Into::into)
    }

    async fn consume(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
        now: OffsetDateTime,
    ) -> Result<Option<OneTimeToken>, StorageError> {
        let row: Option<TokenRow> = write!(self, |conn| {
            written(
                ConsumeToken {
                    id: token.row.into(),
                    counter: counter_to_db(token.counter),
                    purpose: purpose.as_str(),
                    now: now.into(),
                }
                .load(conn)
                .await,
            )
        })?;
        row.map(OneTimeToken::try_from).transpose().map_err(Into::into)
    }

    async fn void(
        &mut self,
        purpose: OneTimePurpose,
        user_id: UserId,
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let now = DbTime::from(now);
        write!(self, |conn| {
            diesel::update(
                one_time_tokens::table
                    .filter(one_time_tokens::user_id.eq(DbId::from(user_id)))
                    .filter(one_time_tokens::purpose.eq(purpose.as_str()))
                    .filter(one_time_tokens::used_at.is_null())
                    .filter(one_time_tokens::expires_at.gt(now)),
            )
            .set((
                one_time_tokens::counter.eq(one_time_tokens::counter + 1),
                one_time_tokens::expires_at.eq(now),
            ))
            .execute(conn)
            .await
        })?;
        Ok(())
    }

    async fn void_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError> {
        let now = DbTime::from(now);
        write!(self, |conn| {
            diesel::update(
                one_time_tokens::table
                    .filter(one_time_tokens::used_at.is_null())
                    .filter(one_time_tokens::expires_at.gt(now)),
            )
            .set((
                one_time_tokens::counter.eq(one_time_tokens::counter + 1),
                one_time_tokens::expires_at.eq(now),
            ))
            .execute(conn)
            .await
        })
    }
}
