use diesel::QueryResult;

/// Runs a query that reads, compiled once for each backend.
///
/// The body is repeated for both, so a query has to be built inside it.
macro_rules! read {
    ($work:expr, |$conn:ident| $body:expr) => {
        $crate::storage::dispatch::traced!("read", $work.reader(), |$conn| $body)
    };
}

/// Runs a query that reads by keys; see [`read`]. On PostgreSQL it goes over a connection that others use at the
/// same time.
macro_rules! lookup {
    ($work:expr, |$conn:ident| $body:expr) => {
        match $work.shared() {
            Some(lending) => {
                tracing::Instrument::instrument(
                    async {
                        let shared = lending.await?;
                        let mut $conn = &shared.connection;
                        let $conn = &mut $conn;
                        let answer =
                            tokio::time::timeout($crate::storage::silence::SILENCE, async {
                                $body
                            });
                        let answer = answer.await.unwrap_or_else($crate::storage::silence::silent);
                        shared.judge(answer).map_err($crate::storage::error::storage)
                    },
                    $crate::storage::dispatch::sql_span!("read"),
                )
                .await
            }
            None => $crate::storage::dispatch::read!($work, |$conn| $body),
        }
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
                $crate::storage::dispatch::in_time!(guard, |$conn| $body)
            }
            $crate::storage::work::Conn::Sqlite(guard) => {
                let $conn = &mut **guard;
                $body
            }
        }
        .map_err($crate::storage::error::storage)
    };
}

/// Runs a statement on PostgreSQL. Where no answer comes the connection is given up, and where the session only reads that is
/// noted, so that no request is lent it again.
macro_rules! in_time {
    ($guard:ident, |$conn:ident| $body:expr) => {{
        let answer = tokio::time::timeout($crate::storage::silence::SILENCE, async {
            let $conn = &mut ***$guard;
            $body
        });
        match answer.await {
            Ok(answer) => {
                $guard.only_reads |= $crate::storage::silence::only_reads(&answer);
                answer
            }
            Err(elapsed) => {
                $crate::storage::silence::give_up($guard);
                $crate::storage::silence::silent(elapsed)
            }
        }
    }};
}

/// What the module below `storage` is called, but for transactions, which are of no table.
pub(super) fn table(module: &'static str) -> Option<&'static str> {
    let (_, below) = module.split_once("::storage::")?;
    below.split("::").next().filter(|name| *name != "work")
}

pub(super) use {in_time, lookup, on, read, sql_span, traced, write};

/// The row of a statement that writes, once the database has said that it is done.
///
/// To take the first row that comes would be wrong: PostgreSQL may send it before the commit that it belongs
/// to, such as when it goes down in the middle, and what was heard of would be acknowledged and never be.
pub(super) fn written<T>(rows: QueryResult<Vec<T>>) -> QueryResult<Option<T>> {
    rows.map(|rows| rows.into_iter().next())
}
