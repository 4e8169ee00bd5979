//! What differs between the two databases. Everything else is written once.

use diesel::{Connection, ExpressionMethods, QueryDsl, RunQueryDsl as SyncRunQueryDsl, sql_types};
use diesel_async::RunQueryDsl as _;
use doorward_domain::ports::StorageError;

use super::{
    column::{DbId, DbTime, Id},
    error,
    row::SessionRow,
    schema::{sessions, users},
    statement::statement,
    work::{Conn, Work},
};

statement! {
    /// A session and its user's latest sign-in, in one round trip. SQLite can't change data within
    /// WITH.
    OpenSession -> () {
        id: DbId,
        user_id: DbId,
        org_id: Option<DbId>,
        generation: i32,
        created_at: DbTime,
        rotated_at: DbTime,
        idle_expires_at: DbTime,
        expires_at: DbTime,
        network: String,
        user_agent: Option<String>,
    }
    "WITH opened AS (INSERT INTO sessions (id, user_id, org_id, generation, created_at, \
        rotated_at, idle_expires_at, expires_at, network, user_agent) VALUES (", id, ", ",
    user_id, ", ", org_id, ", ", generation, ", ", created_at, ", ", rotated_at, ", ",
    idle_expires_at, ", ", expires_at, ", ", network, ", ", user_agent, ")) \
     UPDATE users SET last_login_at = ", created_at, " WHERE id = ", user_id,
}

/// Adds a session and stamps its user's latest sign-in, both or neither.
pub(super) async fn open_session(work: &mut Work, row: SessionRow) -> Result<(), StorageError> {
    match work.writer().await? {
        Conn::Pg(guard) => OpenSession {
            id: row.id,
            user_id: row.user_id,
            org_id: row.org_id,
            generation: row.generation,
            created_at: row.created_at,
            rotated_at: row.rotated_at,
            idle_expires_at: row.idle_expires_at,
            expires_at: row.expires_at,
            network: row.network,
            user_agent: row.user_agent,
        }
        .execute(&mut **guard)
        .await
        .map(|_| ()),
        // A transaction, or a savepoint within one, in one go on the connection's thread. It begins
        // with a write, so it takes the lock at once.
        Conn::Sqlite(guard) => {
            guard
                .spawn_blocking(move |connection| {
                    connection.transaction(|connection| {
                        let insert = diesel::insert_into(sessions::table).values(&row);
                        let stamp = diesel::update(users::table.find(row.user_id))
                            .set(users::last_login_at.eq(row.created_at));
                        SyncRunQueryDsl::execute(insert, connection)?;
                        SyncRunQueryDsl::execute(stamp, connection)?;
                        Ok(())
                    })
                })
                .await
        }
    }
    .map_err(error::storage)
}

/// A row of the outbox as a claim answers it.
pub(super) type ClaimedRow = (DbId, String, String, Option<DbId>, Option<i32>, DbTime, i32);

type ClaimedSql = (
    Id,
    sql_types::Text,
    sql_types::Text,
    sql_types::Nullable<Id>,
    sql_types::Nullable<sql_types::Integer>,
    super::column::Instant,
    sql_types::Integer,
);

macro_rules! claim {
    ($name:ident, $lock:literal) => {
        statement! {
            /// Takes due mails, and makes them due again at the end of the lease.
            $name -> ClaimedSql { now: DbTime, lease_until: DbTime, limit: i32 }
            "UPDATE outbox SET due_at = ", lease_until, ", attempts = attempts + 1 \
WHERE id IN (SELECT id FROM outbox WHERE sent_at IS NULL AND parked_at IS NULL \
AND due_at <= ", now, " ORDER BY due_at, id LIMIT ", limit, $lock, ") \
RETURNING id, recipient, subject, token_row, token_counter, created_at, attempts",
        }
    };
}

claim!(ClaimMailPg, " FOR UPDATE SKIP LOCKED");
// SQLite has one writer at a time.
claim!(ClaimMailSqlite, "");

/// Takes up to `limit` due mails until `lease_until`.
pub(super) async fn claim_mail(
    work: &mut Work,
    limit: i32,
    now: DbTime,
    lease_until: DbTime,
) -> Result<Vec<ClaimedRow>, StorageError> {
    match work.writer().await? {
        Conn::Pg(guard) => ClaimMailPg { now, lease_until, limit }.load(&mut **guard).await,
        Conn::Sqlite(guard) => ClaimMailSqlite { now, lease_until, limit }.load(&mut **guard).await,
    }
    .map_err(error::storage)
}
