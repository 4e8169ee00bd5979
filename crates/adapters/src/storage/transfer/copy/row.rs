use std::future::Future;

use diesel::{QueryResult, SqliteConnection};
use tokio::sync::mpsc;

use crate::storage::connection::connect::Pg;

/// The number of rows copied together: few enough for one statement, whose parameters PostgreSQL counts in 16
/// bits.
pub(crate) const BATCH: usize = 500;

pub(crate) type Batches<R> = mpsc::Sender<Vec<R>>;

/// A whole row of a table, which can be read from and written to either database.
pub(crate) trait Row: Sized + Send + 'static {
    const TABLE: &'static str;

    /// Reads all rows in sequence, until the receiver of the batches is dropped.
    fn read_sqlite(from: &mut SqliteConnection, batches: &Batches<Self>) -> QueryResult<()>;

    /// Like [`Row::read_sqlite`].
    fn read_postgres(
        from: &mut Pg,
        batches: &Batches<Self>,
    ) -> impl Future<Output = QueryResult<()>> + Send;

    fn write_sqlite(to: &mut SqliteConnection, rows: &[Self]) -> QueryResult<usize>;

    fn write_postgres(
        to: &mut Pg,
        rows: &[Self],
    ) -> impl Future<Output = QueryResult<usize>> + Send;
}

/// Implements [`Row`] for each table separately, since diesel's query types depend on the table.
macro_rules! copied {
    ($table:ident) => {
        impl $crate::storage::transfer::copy::row::Row for Row {
            const TABLE: &'static str = stringify!($table);

            fn read_sqlite(
                from: &mut diesel::SqliteConnection,
                batches: &$crate::storage::transfer::copy::row::Batches<Self>,
            ) -> diesel::QueryResult<()> {
                use $crate::storage::transfer::copy::row::BATCH;
                let rows = diesel::RunQueryDsl::load_iter::<Self, _>($table::table, from)?;
                let mut batch = Vec::with_capacity(BATCH);
                for row in rows {
                    batch.push(row?);
                    if batch.len() == BATCH {
                        let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                        if batches.blocking_send(full).is_err() {
                            return Ok(());
                        }
                    }
                }
                // The receiver was dropped if writing failed, and the writer reports that.
                let _ = batches.blocking_send(batch);
                Ok(())
            }

            async fn read_postgres(
                from: &mut $crate::storage::connection::connect::Pg,
                batches: &$crate::storage::transfer::copy::row::Batches<Self>,
            ) -> diesel::QueryResult<()> {
                use futures::{StreamExt, TryStreamExt};
                use $crate::storage::transfer::copy::row::BATCH;
                let rows = diesel_async::RunQueryDsl::load_stream::<Self>($table::table, from);
                let mut rows = rows.await?.try_chunks(BATCH);
                while let Some(batch) = rows.next().await {
                    if batches.send(batch.map_err(|error| error.1)?).await.is_err() {
                        break;
                    }
                }
                Ok(())
            }

            fn write_sqlite(
                to: &mut diesel::SqliteConnection,
                rows: &[Self],
            ) -> diesel::QueryResult<usize> {
                let insert = diesel::insert_into($table::table).values(rows);
                diesel::RunQueryDsl::execute(insert, to)
            }

            async fn write_postgres(
                to: &mut $crate::storage::connection::connect::Pg,
                rows: &[Self],
            ) -> diesel::QueryResult<usize> {
                let insert = diesel::insert_into($table::table).values(rows);
                diesel_async::RunQueryDsl::execute(insert, to).await
            }
        }
    };
}

pub(crate) use copied;
