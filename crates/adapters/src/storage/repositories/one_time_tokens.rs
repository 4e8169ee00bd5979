use async_trait::async_trait;
use diesel::{
    ExpressionMethods, IntoSql, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    backend::Backend,
    dsl::{SqlTypeOf, case_when},
    query_builder::{AstPass, QueryFragment},
    sql_types::{BigInt, Integer},
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    UserId,
    account::email::EmailAddress,
    ports::{OneTimeTokenRepository, StorageError},
    token::{
        TokenRef,
        one_time::{EmailCount, IssueOneTimeToken, OneTimePurpose, OneTimeToken},
    },
};
use time::{Duration, OffsetDateTime};

use crate::storage::{
    error::CorruptRow,
    sql::{
        column::{DbId, DbTime, Id},
        dispatch::{read, rows_after_completion, write},
        row::{corrupt, counter_from_db, counter_to_db},
        schema::one_time_tokens,
        selection::row,
        statement::statement,
    },
    unit_of_work::SqlUnitOfWork,
};

row! {
    pub(crate) struct TokenRow from one_time_tokens as TokenColumns {
        id: DbId,
        user_id: DbId,
        email: String,
        counter: i32,
        issued_at: DbTime,
        expires_at: DbTime,
        former_expires_at: Option<DbTime>,
        used_at: Option<DbTime>,
        latest_email_at: DbTime,
        hour_began_at: DbTime,
        emails_in_hour: i32,
        day_full_at: i64,
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
            former_expires_at: row.former_expires_at.map(Into::into),
            used_at: row.used_at.map(Into::into),
            emails: EmailCount {
                latest_at: row.latest_email_at.into(),
                hour_began_at: row.hour_began_at.into(),
                in_hour: counter_from_db(row.emails_in_hour, "one_time_tokens", row.id)?,
                day_full_at: day_full_at(row.day_full_at, row.id)?,
            },
        })
    }
}

/// SQL condition: whether the token is unused, and still valid at the time that follows.
#[derive(Debug, Clone, Copy)]
struct Stays;

impl<DB: Backend> QueryFragment<DB> for Stays {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(
            "one_time_tokens.email = excluded.email AND one_time_tokens.used_at IS NULL \
             AND one_time_tokens.expires_at > ",
        );
        Ok(())
    }
}

/// Converts a number written by [`microseconds`] back to a time.
fn day_full_at(stored: i64, row: DbId) -> Result<OffsetDateTime, CorruptRow> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(stored) * 1000)
        .map_err(|error| corrupt("one_time_tokens", "day_full_at", row, &error))
}

/// Returns the time as microseconds since 1970. Both databases can add such numbers.
fn microseconds(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

statement! {
    /// Implements `OneTimeToken::first` and `OneTimeToken::next`. A returned row means that the token was issued.
    IssueToken -> (Id, Integer) {
        id: DbId,
        user_id: DbId,
        purpose: &'static str,
        email: String,
        now: DbTime,
        expires_at: DbTime,
        young_until: DbTime,
        latest_until: DbTime,
        hour_until: DbTime,
        per_hour: i32,
        now_in_day: i64,
        spread: i64,
        day_full_until: i64,
    }
    "INSERT INTO one_time_tokens (id, user_id, purpose, email, counter, issued_at, expires_at, \
        latest_email_at, hour_began_at, emails_in_hour, day_full_at) \
     VALUES (", id, ", ", user_id, ", ", purpose, ", ", email, ", 1, ", now, ", ", expires_at, ", ",
    now, ", ", now, ", 1, ", now_in_day, " + ", spread,
    ") ON CONFLICT (user_id, purpose) DO UPDATE SET email = excluded.email, ",
    // A recently issued token stays as it is.
    "counter = one_time_tokens.counter + CASE WHEN ", (Stays), young_until, " THEN 0 ELSE 1 END, \
        issued_at = CASE WHEN ", (Stays), young_until, " THEN one_time_tokens.issued_at \
            ELSE excluded.issued_at END, \
        expires_at = CASE WHEN ", (Stays), young_until, " THEN one_time_tokens.expires_at \
            ELSE excluded.expires_at END, \
        former_expires_at = CASE WHEN ", (Stays), young_until, " THEN one_time_tokens.former_expires_at \
            WHEN one_time_tokens.email = excluded.email AND one_time_tokens.used_at IS NULL \
            THEN one_time_tokens.expires_at END, \
        used_at = NULL, latest_email_at = excluded.latest_email_at, \
        hour_began_at = CASE WHEN one_time_tokens.hour_began_at > ", hour_until,
    " THEN one_time_tokens.hour_began_at ELSE excluded.hour_began_at END, \
        emails_in_hour = CASE WHEN one_time_tokens.hour_began_at > ", hour_until,
    " THEN one_time_tokens.emails_in_hour + 1 ELSE 1 END, \
        day_full_at = CASE WHEN one_time_tokens.day_full_at > ", now_in_day,
    " THEN one_time_tokens.day_full_at + ", spread, " ELSE excluded.day_full_at END \
     WHERE (one_time_tokens.email <> excluded.email OR one_time_tokens.latest_email_at <= ", latest_until,
    ") AND (one_time_tokens.hour_began_at <= ", hour_until, " OR one_time_tokens.emails_in_hour < ", per_hour,
    ") AND one_time_tokens.day_full_at <= ", day_full_until, " RETURNING id, counter",
}

statement! {
    /// Implements `OneTimeToken::use_up`. A returned row means that the token was consumed.
    ConsumeToken -> SqlTypeOf<TokenColumns> {
        id: DbId,
        counter: i32,
        next_counter: i32,
        purpose: &'static str,
        now: DbTime,
        now_in_day: i64,
    }
    "UPDATE one_time_tokens SET used_at = ", now, ", hour_began_at = ", now,
    ", emails_in_hour = 0, day_full_at = ", now_in_day, " WHERE id = ", id, " AND purpose = ", purpose,
    " AND used_at IS NULL AND ((counter = ", counter, " AND expires_at > ", now,
    ") OR (counter = ", next_counter, " AND former_expires_at > ", now, ")) RETURNING ", (TokenColumns),
}

/// The changes of `OneTimeToken::void`.
macro_rules! voided {
    ($now:ident) => {{
        let most_in_hour = counter_to_db(OneTimePurpose::EMAILS_PER_HOUR - 1);
        let day_full_until = microseconds(EmailCount::day_full_until($now));
        (
            one_time_tokens::counter.eq(one_time_tokens::counter + 1),
            one_time_tokens::expires_at.eq(DbTime::from($now)),
            one_time_tokens::former_expires_at.eq(None::<DbTime>),
            one_time_tokens::emails_in_hour.eq(case_when(
                one_time_tokens::emails_in_hour.gt(most_in_hour),
                most_in_hour.into_sql::<Integer>(),
            )
            .otherwise(one_time_tokens::emails_in_hour)),
            one_time_tokens::day_full_at.eq(case_when(
                one_time_tokens::day_full_at.gt(day_full_until),
                day_full_until.into_sql::<BigInt>(),
            )
            .otherwise(one_time_tokens::day_full_at)),
        )
    }};
}

#[async_trait]
impl OneTimeTokenRepository for SqlUnitOfWork {
    async fn issue(&mut self, issue: &IssueOneTimeToken) -> Result<Option<TokenRef>, StorageError> {
        let (now, spread) = (issue.now, OneTimePurpose::SPREAD);
        let row = write!(self, |conn| {
            rows_after_completion(
                IssueToken {
                    id: issue.id.into(),
                    user_id: issue.user_id.into(),
                    purpose: issue.purpose.as_str(),
                    email: issue.email.as_str().to_owned(),
                    now: now.into(),
                    expires_at: (now + issue.purpose.lifetime()).into(),
                    young_until: (now + issue.purpose.valid_for_at_least()).into(),
                    latest_until: (now - OneTimePurpose::INTERVAL).into(),
                    hour_until: (now - Duration::HOUR).into(),
                    per_hour: counter_to_db(OneTimePurpose::EMAILS_PER_HOUR),
                    now_in_day: microseconds(now),
                    spread: microseconds(OffsetDateTime::UNIX_EPOCH + spread),
                    day_full_until: microseconds(EmailCount::day_full_until(now)),
                }
                .load::<(DbId, i32)>(conn)
                .await,
            )
        })?;
        let Some((id, counter)) = row else { return Ok(None) };
        let counter = counter_from_db(counter, "one_time_tokens", id)?;
        Ok(Some(TokenRef { id: id.0, counter }))
    }

    async fn find(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
    ) -> Result<Option<OneTimeToken>, StorageError> {
        let row = read!(self, |conn| {
            one_time_tokens::table
                .find(DbId::from(token.id))
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
            rows_after_completion(
                ConsumeToken {
                    id: token.id.into(),
                    counter: counter_to_db(token.counter),
                    next_counter: token.counter.checked_add(1).map_or(-1, counter_to_db),
                    purpose: purpose.as_str(),
                    now: now.into(),
                    now_in_day: microseconds(now),
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
        write!(self, |conn| {
            diesel::update(
                one_time_tokens::table
                    .filter(one_time_tokens::user_id.eq(DbId::from(user_id)))
                    .filter(one_time_tokens::purpose.eq(purpose.as_str()))
                    .filter(one_time_tokens::used_at.is_null())
                    .filter(one_time_tokens::expires_at.gt(DbTime::from(now))),
            )
            .set(voided!(now))
            .execute(conn)
            .await
        })?;
        Ok(())
    }

    async fn void_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError> {
        write!(self, |conn| {
            diesel::update(
                one_time_tokens::table
                    .filter(one_time_tokens::used_at.is_null())
                    .filter(one_time_tokens::expires_at.gt(DbTime::from(now))),
            )
            .set(voided!(now))
            .execute(conn)
            .await
        })
    }
}
