//! Copies all data from one database to another.

mod endpoint;
pub(crate) mod row;

use diesel::result::Error;
use tokio::sync::mpsc;

use crate::storage::{sql::schema, url::DatabaseUrl};
use endpoint::End;
use row::Row;

/// The number of batches that are read ahead of the writes.
const READ_AHEAD: usize = 4;

/// A table whose rows have all been copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopiedTable {
    /// The name of the table.
    pub table: &'static str,
    /// The number of its rows, equal in source and target.
    pub rows: u64,
}

/// The progress of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copying {
    /// The table that is being copied.
    pub table: &'static str,
    /// The number of rows written so far, in all tables.
    pub done: u64,
    /// The total number of rows, in all tables.
    pub total: u64,
}

/// Errors returned by [`copy`]. On error, nothing was copied: source and target are unchanged.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A database is unreachable.
    #[error("cannot reach the database {url}")]
    Unreachable {
        /// The database.
        url: String,
        /// The cause.
        source: diesel::ConnectionError,
    },
    /// A server is using the source or the target.
    #[error(
        "{url} is in use: stop every server that uses it, since anything written there during a copy \
         would be lost"
    )]
    InUse {
        /// The database.
        url: String,
    },
    /// The target is not empty.
    #[error(
        "{url} is not empty: it has rows in {table}; use a new database that no server has been started on"
    )]
    NotEmpty {
        /// The database.
        url: String,
        /// The first table that has rows.
        table: &'static str,
    },
    /// A table could not be copied.
    #[error("cannot copy the table {table}")]
    Table {
        /// The table.
        table: &'static str,
        /// The cause.
        source: Error,
    },
    /// Another error occurred in one of the two databases.
    #[error("the copy failed at {url}")]
    Failed {
        /// The database.
        url: String,
        /// The cause.
        source: Error,
    },
    /// Rows are missing in the target.
    #[error("only {arrived} of {read} rows of {table} are in the target")]
    CountsDiffer {
        /// The table.
        table: &'static str,
        /// The number of rows read from the source.
        read: u64,
        /// The number of rows in the target.
        arrived: u64,
    },
}

/// Copies all rows of all tables, in one transaction of the target. Both databases MUST have been migrated, and no
/// other process may use either of them: this function acquires exclusive locks and holds them until it returns.
///
/// Call it on a multi-thread runtime.
///
/// # Errors
/// See [`CopyError`].
pub async fn copy(
    from: &DatabaseUrl,
    to: &DatabaseUrl,
    progress: &(dyn Fn(Copying) + Send + Sync),
) -> Result<Vec<CopiedTable>, CopyError> {
    let mut from = End::open(from).await?;
    from.hold_as_source().await?;
    let mut to = End::open(to).await?;
    to.hold_as_target().await?;
    let mut total = 0;
    for table in schema::TABLES {
        if to.count(table).await? > 0 {
            return Err(CopyError::NotEmpty { url: to.url, table });
        }
        total += from.count(table).await?;
    }
    let mut copy = Copy { from, to, progress, done: 0, total, tables: Vec::new() };
    schema::copy_all(&mut copy).await?;
    let Copy { mut to, tables, .. } = copy;
    for CopiedTable { table, rows: read } in tables.iter().copied() {
        let arrived = to.count(table).await?;
        if arrived != read {
            return Err(CopyError::CountsDiffer { table, read, arrived });
        }
    }
    to.keep().await?;
    Ok(tables)
}

/// A copy in progress.
pub(crate) struct Copy<'a> {
    from: End,
    to: End,
    progress: &'a (dyn Fn(Copying) + Send + Sync),
    done: u64,
    total: u64,
    tables: Vec<CopiedTable>,
}

impl Copy<'_> {
    pub(crate) async fn table<R: Row>(&mut self) -> Result<(), CopyError> {
        let failed = |source| CopyError::Table { table: R::TABLE, source };
        let expected = self.from.count(R::TABLE).await?;
        let (sender, mut batches) = mpsc::channel::<Vec<R>>(READ_AHEAD);
        let Self { from, to, progress, done, total, .. } = self;
        let writing = async move {
            let mut rows = 0;
            while let Some(batch) = batches.recv().await {
                rows += to.write(batch).await?;
                progress(Copying { table: R::TABLE, done: *done + rows, total: *total });
            }
            *done += rows;
            Ok(rows)
        };
        // Both run to completion: a future that is dropped halfway leaves its statement running.
        let (read, written) = futures::join!(from.read(sender), writing);
        let rows = written.map_err(failed)?;
        read.map_err(failed)?;
        if rows != expected {
            return Err(CopyError::CountsDiffer { table: R::TABLE, read: expected, arrived: rows });
        }
        self.tables.push(CopiedTable { table: R::TABLE, rows });
        Ok(())
    }
}
