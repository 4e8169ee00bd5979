//! The differences between the two databases. Everything else is written once.

mod owners;
mod queue;

pub(crate) use owners::insert_owner;
pub(crate) use queue::{
    ClaimedRow, QueuedRow, claim_mail, enqueue_mail, put_back_mail, retry_mail,
};

use diesel::{
    Connection, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    RunQueryDsl as SyncRunQueryDsl, SqliteConnection,
};
use diesel_async::RunQueryDsl as AsyncRunQueryDsl;
use doorward_domain::ports::{StorageError, VerifiedPassword};

use super::{
    column::{DbId, DbTime},
    dispatch::with_timeout,
    row::{SessionRow, counter_to_db},
    schema::{memberships, orgs, sessions, users},
    statement::statement,
};
use crate::storage::{
    error,
    repositories::users::expressions::RecentFailures,
    unit_of_work::{Conn, SqlUnitOfWork},
};

statement! {
    /// Inserts a session and stamps its user's latest sign-in, in one round trip. SQLite can't modify data within
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
        last_network: String,
        last_user_agent: Option<String>,
        previous_network: String,
        verified: Option<i32>,
        failures_cap: Option<i32>,
    }
    "WITH stamped AS (UPDATE users SET last_login_at = ", created_at, " WHERE id = ", user_id,
    " AND (", verified, " IS NULL OR (password_version = ", verified, " AND password_hash IS NOT NULL \
            AND disabled_at IS NULL)) AND (", failures_cap, " IS NULL OR ", (RecentFailures), " < ", failures_cap, ") \
        RETURNING id) \
     INSERT INTO sessions (id, user_id, org_id, generation, created_at, rotated_at, \
        idle_expires_at, expires_at, network, user_agent, last_network, last_user_agent, previous_network) \
     SELECT ", id, ", stamped.id, ", org_id, ", ", generation, ", ", created_at, ", ", rotated_at,
    ", ", idle_expires_at, ", ", expires_at, ", ", network, ", ", user_agent,
    ", ", last_network, ", ", last_user_agent, ", ", previous_network, " FROM stamped",
}

/// Inserts a session and updates the time of the user's last sign-in, atomically. Returns `true` if it did. If a
/// password was verified, it does so only while that is still the user's password, the user is active, and the
/// number of failed sign-ins is below the cap.
///
/// A change of the password updates the same row of `users`, so one of the two waits for the other.
pub(crate) async fn open_session(
    work: &mut SqlUnitOfWork,
    row: SessionRow,
    verified: Option<VerifiedPassword>,
) -> Result<bool, StorageError> {
    match work.writer().await? {
        Conn::Pg(guard) => {
            let open = OpenSession {
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
                last_network: row.last_network,
                last_user_agent: row.last_user_agent,
                previous_network: row.previous_network,
                verified: verified.map(|verified| counter_to_db(verified.version)),
                failures_cap: verified
                    .and_then(|verified| verified.failures_cap)
                    .map(counter_to_db),
            };
            with_timeout!(guard, |conn| open.execute(conn).await).map(|opened| opened == 1)
        }
        Conn::Sqlite(guard) => {
            guard.spawn_blocking(move |connection| open_in_sqlite(connection, &row, verified)).await
        }
    }
    .map_err(error::storage)
}

/// Runs both statements on the connection's thread, in one transaction, or in a savepoint of an enclosing one. The
/// first statement writes, so it acquires the lock at once.
fn open_in_sqlite(
    connection: &mut SqliteConnection,
    row: &SessionRow,
    verified: Option<VerifiedPassword>,
) -> QueryResult<bool> {
    connection.transaction(|connection| {
        let stamp = users::last_login_at.eq(row.created_at);
        let stamped = match verified {
            Some(verified) => {
                let cap = verified.failures_cap.map_or(i64::MAX, i64::from);
                let user = users::table
                    .find(row.user_id)
                    .filter(users::password_version.eq(counter_to_db(verified.version)))
                    .filter(users::password_hash.is_not_null())
                    .filter(users::disabled_at.is_null())
                    .filter(RecentFailures.lt(cap));
                SyncRunQueryDsl::execute(diesel::update(user).set(stamp), connection)?
            }
            None => {
                let user = users::table.find(row.user_id);
                SyncRunQueryDsl::execute(diesel::update(user).set(stamp), connection)?
            }
        };
        if stamped == 1 {
            let insert = diesel::insert_into(sessions::table).values(row);
            SyncRunQueryDsl::execute(insert, connection)?;
        }
        Ok(stamped == 1)
    })
}

/// Locks the rows of a user and of the organizations that the user belongs to, until the end of the transaction.
/// An insert of a membership waits for both. SQLite has one writer at a time.
pub(crate) async fn hold_belongings(
    work: &mut SqlUnitOfWork,
    user_id: DbId,
) -> Result<(), StorageError> {
    match work.writer().await? {
        Conn::Pg(guard) => {
            let user = users::table.find(user_id).select(users::id).for_update();
            with_timeout!(guard, |conn| AsyncRunQueryDsl::execute(user, conn).await)
                .map_err(error::storage)?;
            // In a fixed order, so that two transactions that lock the same rows can't deadlock.
            let theirs = memberships::table
                .filter(memberships::user_id.eq(user_id))
                .select(memberships::org_id);
            let orgs = orgs::table
                .filter(orgs::id.eq_any(theirs))
                .order(orgs::id.asc())
                .select(orgs::id)
                .for_update();
            with_timeout!(guard, |conn| AsyncRunQueryDsl::execute(orgs, conn).await)
                .map_err(error::storage)?;
            Ok(())
        }
        Conn::Sqlite(_) => Ok(()),
    }
}

/// Locks a row of `orgs` until the end of the transaction. Returns `true` if the row exists.
pub(crate) async fn lock_org(work: &mut SqlUnitOfWork, id: DbId) -> Result<bool, StorageError> {
    match work.writer().await? {
        // Not FOR UPDATE: transactions that insert references to the row, such as every sign-in to the
        // organization, would wait for it.
        Conn::Pg(guard) => {
            let row = orgs::table.find(id).select(orgs::id).for_no_key_update();
            with_timeout!(guard, |conn| AsyncRunQueryDsl::first::<DbId>(row, conn).await).optional()
        }
        // SQLite has one writer at a time.
        Conn::Sqlite(guard) => {
            let row = orgs::table.find(id).select(orgs::id);
            AsyncRunQueryDsl::first::<DbId>(row, &mut **guard).await.optional()
        }
    }
    .map(|row| row.is_some())
    .map_err(error::storage)
}
