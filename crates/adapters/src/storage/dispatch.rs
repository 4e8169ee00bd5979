use diesel::QueryResult;

/// Runs a query that reads, compiled once for each backend.
///
/// The body is repeated for both, so a query has to be built inside it.
macro_rules! read {
    ($work:expr, |$conn:ident| $body:expr) => {
        $crate::storage::dispatch::traced!("read", $work.reader(), |$conn| $body)
    };
}

/// Runs a query that writes; see [`read`].
macro_rules! write {
    ($work:expr, |$conn:ident| $body:expr) => {
        $crate::storage::dispatch::traced!("write", $work.writer(), |$conn| $body)
    };
}

/// Runs a query in a span of its own, the wait for a connection included.
macro_rules! traced {
    ($kind:literal, $connection:expr, |$conn:ident| $body:expr) => {
        tracing::Instrument::instrument(
            async { $crate::storage::dispatch::on!($connection.await?, |$conn| $body) },
            $crate::storage::dispatch::sql_span!($kind),
        )
        .await
    };
}

/// The span of a statement. It tells what kind it is and the file that it is in, which is named after its
/// table; never its text, and never a value.
macro_rules! sql_span {
    ($kind:literal) => {
        tracing::debug_span!(
            "sql",
            otel.kind = "client",
            db.operation.name = $kind,
            db.collection.name = $crate::storage::dispatch::table(module_path!()),
        )
    };
}

macro_rules! on {
    ($connection:expr, |$conn:ident| $body:expr) => {
        match $connection {
            $crate::storage::work::Conn::Pg(guard) => {
                let $conn = &mut **guard;
                $body
            }
            $crate::storage::work::Conn::Sqlite(guard) => {
                let $conn = &mut **guard;
                $body
            }
        }
        .map_err($crate::storage::error::storage)
    };
}

/// What the module below `storage` is called, but for transactions, which are of no table.
pub(super) fn table(module: &'static str) -> Option<&'static str> {
    let (_, below) = module.split_once("::storage::")?;
    below.split("::").next().filter(|name| *name != "work")
}

pub(super) use {on, read, sql_span, traced, write};

/// The row of a statement that writes, once the database has said that it is done.
///
/// To take the first row that comes would be wrong: PostgreSQL may send it before the commit that it belongs
/// to, such as when it goes down in the middle, and what was heard of would be acknowledged and never be.
pub(super) fn written<T>(rows: QueryResult<Vec<T>>) -> QueryResult<Option<T>> {
    rows.map(|rows| rows.into_iter().next())
}
