/// Runs a query that reads, compiled once for each backend.
///
/// The body is repeated in both arms, so a query has to be built inside it.
macro_rules! read {
    ($work:expr, |$conn:ident| $body:expr) => {
        match $work.reader().await? {
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

/// Runs a query that writes; see [`read`].
macro_rules! write {
    ($work:expr, |$conn:ident| $body:expr) => {
        match $work.writer().await? {
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

pub(super) use {read, write};
