use diesel::result::{DatabaseErrorKind, Error};
use doorward_domain::ports::StorageError;

/// Distinguishes a database that is unavailable, full, or overloaded from a bug of the server.
pub(crate) fn storage(error: Error) -> StorageError {
    let unavailable = match &error {
        Error::DatabaseError(kind, info) => match kind {
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure
            // A row that this one refers to was deleted since it was read. A retry detects that.
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::ReadOnlyTransaction => true,
            _ => is_passing(info.message()),
        },
        Error::BrokenTransactionManager | Error::RollbackErrorOnCommit { .. } => true,
        _ => false,
    };
    if unavailable {
        StorageError::Unavailable(Box::new(error))
    } else {
        StorageError::Fault(Box::new(error))
    }
}

/// Returns `true` if a message of the database describes a temporary failure.
pub(crate) fn is_passing(said: &str) -> bool {
    PASSING.iter().any(|text| said.contains(text))
}

/// Messages of temporary failures. diesel doesn't expose the codes of these errors.
const PASSING: &[&str] = &[
    // SQLite: SQLITE_BUSY, SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN
    "database is locked",
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
    // PostgreSQL: classes 57 (operator intervention), 53 (insufficient resources), 08, 40
    "statement timeout",
    "terminating connection",
    "shutting down",
    "starting up",
    "in recovery mode",
    "too many clients",
    "remaining connection slots",
    "No space left on device",
    "out of memory",
    "deadlock detected",
    "connection closed",
    "error communicating with the server",
    // PgBouncer
    "server closed the connection unexpectedly",
];

/// A row holds a value that is not valid.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {table}.{column} of row {row}: {problem}")]
pub(crate) struct CorruptRow {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    pub(crate) row: String,
    pub(crate) problem: String,
}

impl From<CorruptRow> for StorageError {
    fn from(error: CorruptRow) -> Self {
        Self::Fault(Box::new(error))
    }
}
