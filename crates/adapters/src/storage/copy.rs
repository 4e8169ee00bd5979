//! Moving everything from one database to another.

mod end;
pub(in crate::storage) mod row;

use diesel::result::Error;
use tokio::sync::mpsc;

use super::{schema, url::DatabaseUrl};
use end::End;
use row::Row;

/// How many batches are read ahead of what is written.
const READ_AHEAD: usize = 4;

/// A table whose rows are all at the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub table: &'static str,
    /// How many rows it has, at both ends.
    pub rows: u64,
}

/// How far a copy has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copying {
    /// Which table's rows are under way.
    pub table: &'static str,
    /// The rows of all tables that have been written.
    pub done: u64,
    /// The rows of all tables.
    pub total: u64,
}

/// Nothing was copied: the target is as it was, and so is the source.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A database is away.
    #[error("the database {url} can't be reached")]
    Unreachable {
        /// Which one.
        url: String,
        /// Why.
        source: diesel::ConnectionError,
    },
    /// A server would go on with the source, or with the target.
    #[error(
        "{url} is in use: stop every server that works on it, since what is written there during a copy \
         would be lost"
    )]
    InUse {
        /// Which one.
        url: String,
    },
    /// The target holds something.
    #[error(
        "{url} is not empty: it has rows in {table}; name a new database, where no server has been started"
    )]
    NotEmpty {
        /// Which one.
        url: String,
        /// The first table with rows.
        table: &'static str,
    },
    /// A table could not be copied.
    #[error("the table {table} could not be copied")]
    Table {
        /// Which one.
        table: &'static str,
        /// Why.
        source: Error,
    },
    /// Something else went wrong at one of the two.
    #[error("the copy failed at {url}")]
    Failed {
        /// Which one.
        url: String,
        /// Why.
        source: Error,
    },
    /// Not all has arrived.
    #[error("{arrived} of {read} rows of {table} arrived at the target")]
    CountsDiffer {
        /// Which table.
        table: &'static str,
        /// How many rows were read.
        read: u64,
        /// How many the target has.
        arrived: u64,
    },
}

/// Copies all rows of all tables, in one transaction at the target. Both databases MUST have been migrated, and
/// nobody else may work on either: the locks for that are taken here, and held until all is done.
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

/// A copy under way.
pub(super) struct Copy<'a> {
    from: End,
    to: End,
    progress: &'a (dyn Fn(Copying) + Send + Sync),
    done: u64,
    total: u64,
    tables: Vec<CopiedTable>,
}

impl Copy<'_> {
    pub(super) async fn table<R: Row>(&mut self) -> Result<(), CopyError> {
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
        // Both to their end: one that is dropped half-way leaves its statement behind.
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
