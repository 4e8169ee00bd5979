use diesel::QueryResult;

/// Runs a query that reads, compiled once for each backend.
///
/// The body is expanded for both backends, so the query must be built inside it.
macro_rules! read {
    ($work:expr, |$conn:ident| $body:expr) => {
        $crate::storage::sql::dispatch::traced!("read", $work.reader(), |$conn| $body)
    };
}

/// Runs a query that reads by keys; see [`read`]. On PostgreSQL, it uses a connection that other requests use at
/// the same time.
macro_rules! lookup {
    ($work:expr, |$conn:ident| $body:expr) => {
        match $work.shared() {
            Some(lending) => {
                tracing::Instrument::instrument(
                    async {
                        let shared = lending.await?;
                        let mut $conn = &shared.connection;
                        let $conn = &mut $conn;
                        let answer = tokio::time::timeout(
                            $crate::storage::connection::health::STATEMENT_TIMEOUT,
                            async { $body },
                        );
                        let answer = answer
                            .await
                            .unwrap_or_else($crate::storage::connection::health::silent);
                        shared.judge(answer).map_err($crate::storage::error::storage)
                    },
                    $crate::storage::sql::dispatch::sql_span!("read"),
                )
                .await
            }
            None => $crate::storage::sql::dispatch::read!($work, |$conn| $body),
        }
    };
}

/// Runs a query that writes; see [`read`].
macro_rules! write {
    ($work:expr, |$conn:ident| $body:expr) => {
        $crate::storage::sql::dispatch::traced!("write", $work.writer(), |$conn| $body)
    };
}

/// Runs a query in its own span, including the wait for a connection.
macro_rules! traced {
    ($kind:literal, $connection:expr, |$conn:ident| $body:expr) => {
        tracing::Instrument::instrument(
            async { $crate::storage::sql::dispatch::on!($connection.await?, |$conn| $body) },
            $crate::storage::sql::dispatch::sql_span!($kind),
        )
        .await
    };
}

/// Creates the span of a statement. It records the kind of the statement and the module it is in, which is named
/// after the table. It never records the SQL text or a value.
macro_rules! sql_span {
    ($kind:literal) => {
        tracing::debug_span!(
            "sql",
            otel.kind = "client",
            db.operation.name = $kind,
            db.collection.name = $crate::storage::sql::dispatch::table(module_path!()),
        )
    };
}

macro_rules! on {
    ($connection:expr, |$conn:ident| $body:expr) => {
        match $connection {
            $crate::storage::unit_of_work::Conn::Pg(guard) => {
                $crate::storage::sql::dispatch::with_timeout!(guard, |$conn| $body)
            }
            $crate::storage::unit_of_work::Conn::Sqlite(guard) => {
                let $conn = &mut **guard;
                $body
            }
        }
        .map_err($crate::storage::error::storage)
    };
}

/// Runs a statement on PostgreSQL with a timeout. After a timeout, the connection is marked as broken. If the
/// session is read-only, that is recorded, so that the pool doesn't lend the connection again.
macro_rules! with_timeout {
    ($guard:ident, |$conn:ident| $body:expr) => {{
        let answer =
            tokio::time::timeout($crate::storage::connection::health::STATEMENT_TIMEOUT, async {
                let $conn = &mut ***$guard;
                $body
            });
        match answer.await {
            Ok(answer) => {
                $guard.only_reads |= $crate::storage::connection::health::only_reads(&answer);
                answer
            }
            Err(elapsed) => {
                $crate::storage::connection::health::mark_broken(&mut ***$guard);
                $crate::storage::connection::health::silent(elapsed)
            }
        }
    }};
}

/// Returns the name of the repository that a module is part of; `None` for transactions, which belong to no table.
pub(crate) fn table(module: &'static str) -> Option<&'static str> {
    let (_, below) = module.split_once("::repositories::")?;
    below.split("::").next()
}

pub(crate) use {lookup, on, read, sql_span, traced, with_timeout, write};

/// Returns the row of a statement that writes, once the database has confirmed its completion.
///
/// Returning the first row that arrives would be wrong: PostgreSQL may send it before the commit, and the commit
/// may then fail, for example during a shutdown. The write would be acknowledged but lost.
pub(crate) fn rows_after_completion<T>(rows: QueryResult<Vec<T>>) -> QueryResult<Option<T>> {
    rows.map(|rows| rows.into_iter().next())
}
