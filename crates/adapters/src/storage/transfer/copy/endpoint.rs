use diesel::{
    QueryResult, QueryableByName,
    result::{DatabaseErrorKind, Error},
    sql_query,
    sql_types::BigInt,
};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use tokio::sync::mpsc;

use super::{CopyError, row::Row};
use crate::storage::{
    connection::connect::{self, Pg, Sqlite},
    sql::schema::TABLES,
    url::DatabaseUrl,
};

/// Waiting for a lock is limited. Copying has no time limit.
const TIMEOUTS: &str = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = 0";

/// The maximum number of times that other sessions are counted, at ten times per second. PostgreSQL takes a moment to
/// close a connection after its client disconnects.
const PATIENCE: u32 = 20;

/// Counts other servers and commands that use the same database.
const OTHERS: &str = "SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() \
     AND application_name LIKE 'doorward%' AND pid <> pg_backend_pid()";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The source or the target of a copy.
pub(super) struct End {
    pub(super) url: String,
    connection: Connection,
}

#[expect(clippy::large_enum_variant, reason = "there are two, and they are not moved")]
enum Connection {
    Pg(Pg),
    Sqlite(Sqlite),
}

impl End {
    pub(super) async fn open(url: &DatabaseUrl) -> Result<Self, CopyError> {
        let connection = match url {
            DatabaseUrl::Postgres(url) => connect::postgres(url, None).await.map(Connection::Pg),
            DatabaseUrl::Sqlite(path) => {
                connect::sqlite_alone(&path.to_string_lossy()).await.map(Connection::Sqlite)
            }
        };
        let url = url.to_string();
        match connection {
            Ok(connection) => Ok(Self { url, connection }),
            Err(diesel::ConnectionError::CouldntSetupConfiguration(error)) if is_busy(&error) => {
                Err(CopyError::InUse { url })
            }
            Err(source) => Err(CopyError::Unreachable { url, source }),
        }
    }

    /// Locks the tables against writes until this is dropped, and reads from a snapshot taken now.
    pub(super) async fn hold_as_source(&mut self) -> Result<(), CopyError> {
        let tables = TABLES.join(", ");
        let lock = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ; {TIMEOUTS}; LOCK TABLE {tables} IN SHARE MODE"
        );
        self.hold(&lock).await
    }

    /// Locks the tables against reads and writes until this is dropped or committed.
    pub(super) async fn hold_as_target(&mut self) -> Result<(), CopyError> {
        let tables = TABLES.join(", ");
        let lock = format!("BEGIN; {TIMEOUTS}; LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE");
        self.hold(&lock).await
    }

    async fn hold(&mut self, lock_in_postgres: &str) -> Result<(), CopyError> {
        let others = match &mut self.connection {
            Connection::Pg(pg) => match pg.batch_execute(lock_in_postgres).await {
                Ok(()) => others(pg).await,
                Err(error) => Err(error),
            },
            Connection::Sqlite(sqlite) => sqlite.batch_execute("BEGIN IMMEDIATE").await.map(|()| 0),
        };
        match others {
            Ok(0) => Ok(()),
            Ok(_) => Err(CopyError::InUse { url: self.url.clone() }),
            Err(error) if is_busy(&error) => Err(CopyError::InUse { url: self.url.clone() }),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Commits the written rows.
    pub(super) async fn keep(mut self) -> Result<(), CopyError> {
        let kept = match &mut self.connection {
            // The planner has no statistics about tables that have just been filled.
            Connection::Pg(pg) => pg.batch_execute("COMMIT; ANALYZE").await,
            Connection::Sqlite(sqlite) => sqlite.batch_execute("COMMIT").await,
        };
        kept.map_err(|error| self.failed(error))
    }

    pub(super) async fn count(&mut self, table: &str) -> Result<u64, CopyError> {
        let query = sql_query(format!("SELECT count(*) AS count FROM {table}"));
        let counted = match &mut self.connection {
            Connection::Pg(pg) => query.get_result(pg).await,
            Connection::Sqlite(sqlite) => query.get_result(sqlite).await,
        };
        let counted = counted.map_err(|error| self.failed(error))?;
        let Count { count } = counted;
        Ok(count.unsigned_abs())
    }

    pub(super) async fn read<R: Row>(&mut self, batches: mpsc::Sender<Vec<R>>) -> QueryResult<()> {
        match &mut self.connection {
            Connection::Pg(pg) => R::read_postgres(pg, &batches).await,
            Connection::Sqlite(sqlite) => {
                sqlite.spawn_blocking(move |sqlite| R::read_sqlite(sqlite, &batches)).await
            }
        }
    }

    /// Writes rows and returns their number.
    pub(super) async fn write<R: Row>(&mut self, rows: Vec<R>) -> QueryResult<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        let written = match &mut self.connection {
            Connection::Pg(pg) => R::write_postgres(pg, &rows).await,
            Connection::Sqlite(sqlite) => {
                sqlite.spawn_blocking(move |sqlite| R::write_sqlite(sqlite, &rows)).await
            }
        };
        Ok(u64::try_from(written?).unwrap_or(u64::MAX))
    }

    fn failed(&self, source: Error) -> CopyError {
        CopyError::Failed { url: self.url.clone(), source }
    }
}

/// Returns the number of other sessions, after waiting for closing ones to disappear.
async fn others(pg: &mut Pg) -> QueryResult<i64> {
    for _ in 0..PATIENCE {
        if sql_query(OTHERS).get_result::<Count>(pg).await?.count == 0 {
            return Ok(0);
        }
        // Within a transaction, PostgreSQL otherwise returns a cached snapshot of the sessions.
        pg.batch_execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.1)").await?;
    }
    sql_query(OTHERS).get_result(pg).await.map(|Count { count }| count)
}

/// Returns `true` if another process holds the lock. diesel doesn't expose the codes of these errors.
fn is_busy(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::Unknown, info) => {
            ["database is locked", "lock timeout"].iter().any(|text| info.message().contains(text))
        }
        _ => false,
    }
}
