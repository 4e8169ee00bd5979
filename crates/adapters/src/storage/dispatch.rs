/// Runs a query that reads, compiled once for each backend.
///
/// The body is repeated for both, so a query has to be built inside it.
macro_rules! read {
    ($work:expr, |$conn:ident| $body:expr) => {
        $crate::storage::dispatch::on!($work.reader().await?, |$conn| $body)
    };
}

/// Runs a query that writes; see [`read`].
macro_rules! write {
    ($work:expr, |$conn:ident| $body:expr) => {
        $crate::storage::dispatch::on!($work.writer().await?, |$conn| $body)
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

pub(super) use {on, read, write};
