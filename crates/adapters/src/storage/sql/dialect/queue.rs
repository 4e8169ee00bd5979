//! Turns of messages (`doorward_domain::mail::queue`). They are computed from times, for which each database has
//! its own syntax.

use diesel::sql_types;
use diesel_async::RunQueryDsl;
use doorward_domain::{mail::MailLane, ports::StorageError};

use crate::storage::{
    error,
    sql::{
        column::{DbId, DbTime, Id, Instant},
        dispatch::with_timeout,
        statement::statement,
    },
    unit_of_work::{Conn, SqlUnitOfWork},
};

/// A message that has not been attempted.
pub(crate) struct QueuedRow {
    pub(crate) id: DbId,
    pub(crate) recipient: String,
    pub(crate) subject: &'static str,
    pub(crate) lane: &'static str,
    pub(crate) sender: String,
    pub(crate) token_row: Option<DbId>,
    pub(crate) token_counter: Option<i32>,
    pub(crate) session_id: Option<DbId>,
    pub(crate) created_at: DbTime,
    pub(crate) once_key: Option<String>,
}

/// A row of the outbox, as a claim returns it.
pub(crate) type ClaimedRow =
    (DbId, String, String, String, Option<DbId>, Option<i32>, Option<DbId>, DbTime, i32);

type ClaimedSql = (
    Id,
    sql_types::Text,
    sql_types::Text,
    sql_types::Text,
    sql_types::Nullable<Id>,
    sql_types::Nullable<sql_types::Integer>,
    sql_types::Nullable<Id>,
    Instant,
    sql_types::Integer,
);

/// Defines the statements for one database, given its function for the later of two times, the interval between
/// two turns (`doorward_domain::mail::queue::TURN`), and its clause for locking rows.
macro_rules! queue {
    ($later:literal, $turn:literal, $lock:literal) => {
        statement! {
            Enqueue -> () {
                id: DbId,
                recipient: String,
                subject: &'static str,
                lane: &'static str,
                sender: String,
                token_row: Option<DbId>,
                token_counter: Option<i32>,
                session_id: Option<DbId>,
                created_at: DbTime,
                once_key: Option<String>,
            }
            "INSERT INTO outbox (id, recipient, subject, lane, sender, token_row, token_counter, session_id, \
                created_at, due_at, turn_at, attempts, is_tried, once_key) \
             VALUES (", id, ", ", recipient, ", ", subject, ", ", lane, ", ", sender, ", ", token_row, ", ",
            token_counter, ", ", session_id, ", ", created_at, ", ", created_at,
            // The maximum of NULL and a time is NULL in one of the two databases.
            ", coalesce(", $later, "(", created_at, ", (SELECT max(turn_at) FROM outbox \
                WHERE sent_at IS NULL AND failed_at IS NULL AND lane = ", lane, " AND sender = ", sender, ") ",
            $turn, "), ", created_at, "), 0, FALSE, ", once_key, ") ON CONFLICT (once_key) \
                WHERE once_key IS NOT NULL DO NOTHING",
        }

        statement! {
            /// The next turn follows those of the sender's other messages.
            Retry -> () { id: DbId, at: DbTime, error: String }
            "UPDATE outbox SET due_at = ", at, ", last_error = ", error, ", turn_at = coalesce(", $later, "(", at,
            ", (SELECT max(other.turn_at) FROM outbox AS other \
                WHERE other.sent_at IS NULL AND other.failed_at IS NULL AND other.lane = outbox.lane \
                AND other.sender = outbox.sender AND other.id <> outbox.id) ", $turn, "), ", at, ") \
             WHERE id = ", id,
        }

        statement! {
            PutBack -> () { id: DbId, at: DbTime, error: String }
            "UPDATE outbox SET due_at = ", at, ", attempts = attempts - 1, last_error = ", error,
            ", turn_at = ", $later, "(turn_at, ", at, ") WHERE id = ", id,
        }

        statement! {
            /// Claims due messages, and makes them due again when the lease expires. Each subquery reads only the
            /// beginning of an index: messages that were never attempted, attempted ones whose turn has come, and
            /// other attempted ones. (A row that is not due has no turn yet.)
            Claim -> ClaimedSql { lane: &'static str, now: DbTime, lease_until: DbTime, limit: i32 }
            "UPDATE outbox SET due_at = ", lease_until, ", attempts = attempts + 1, is_tried = TRUE \
             WHERE id IN (SELECT id FROM (\
                SELECT * FROM (SELECT id, turn_at FROM outbox \
                    WHERE sent_at IS NULL AND failed_at IS NULL AND NOT is_tried AND lane = ", lane,
                    " AND due_at <= ", now, " ORDER BY turn_at, id LIMIT ", limit, $lock, ") AS untried \
                UNION SELECT * FROM (SELECT id, turn_at FROM outbox \
                    WHERE sent_at IS NULL AND failed_at IS NULL AND is_tried AND lane = ", lane,
                    " AND turn_at <= ", now, " AND due_at <= ", now, " ORDER BY turn_at, id LIMIT ", limit, $lock,
                    ") AS tried \
                UNION SELECT * FROM (SELECT id, turn_at FROM outbox \
                    WHERE sent_at IS NULL AND failed_at IS NULL AND is_tried AND lane = ", lane,
                    " AND due_at <= ", now, " ORDER BY due_at, id LIMIT ", limit, $lock, ") AS others\
                ) AS candidates ORDER BY turn_at, id LIMIT ", limit, ") \
             RETURNING id, recipient, subject, sender, token_row, token_counter, session_id, created_at, attempts",
        }
    };
}

mod pg {
    use super::*;

    queue!("greatest", "+ interval '1 day'", " FOR UPDATE SKIP LOCKED");
}

mod sqlite {
    use super::*;

    // SQLite has one writer at a time.
    queue!("max", "+ 86400000000", "");
}

/// Runs the statement with the same name on either database.
macro_rules! run {
    ($work:ident, $name:ident { $($field:ident),+ }, $method:ident) => {
        match $work.writer().await? {
            Conn::Pg(guard) => {
                let statement = pg::$name { $($field),+ };
                with_timeout!(guard, |conn| statement.$method(conn).await)
            }
            Conn::Sqlite(guard) => {
                sqlite::$name { $($field),+ }.$method(&mut **guard).await
            }
        }
        .map_err(error::storage)
    };
}

/// Inserts a message. Returns `false` if there is already one with its `once_key`.
pub(crate) async fn enqueue_mail(
    work: &mut SqlUnitOfWork,
    row: QueuedRow,
) -> Result<bool, StorageError> {
    let QueuedRow { id, recipient, subject, lane, sender, .. } = row;
    let QueuedRow { token_row, token_counter, session_id, created_at, once_key, .. } = row;
    let added = run!(
        work,
        Enqueue {
            id,
            recipient,
            subject,
            lane,
            sender,
            token_row,
            token_counter,
            session_id,
            created_at,
            once_key
        },
        execute
    )?;
    Ok(added == 1)
}

pub(crate) async fn retry_mail(
    work: &mut SqlUnitOfWork,
    id: DbId,
    at: DbTime,
    error: String,
) -> Result<(), StorageError> {
    run!(work, Retry { id, at, error }, execute).map(drop)
}

pub(crate) async fn put_back_mail(
    work: &mut SqlUnitOfWork,
    id: DbId,
    at: DbTime,
    error: String,
) -> Result<(), StorageError> {
    run!(work, PutBack { id, at, error }, execute).map(drop)
}

/// Claims up to `limit` due messages of a lane until `lease_until`.
pub(crate) async fn claim_mail(
    work: &mut SqlUnitOfWork,
    lane: MailLane,
    limit: i32,
    now: DbTime,
    lease_until: DbTime,
) -> Result<Vec<ClaimedRow>, StorageError> {
    let lane = lane.as_str();
    run!(work, Claim { lane, now, lease_until, limit }, load)
}
