use diesel::sql_types::{BigInt, Nullable};

use crate::storage::sql::{
    column::{DbTime, Instant},
    statement::statement,
};

/// The number of pending messages, the time of the oldest one, and the number of failed messages.
pub(super) type BacklogRow = (i64, Option<DbTime>, i64);

statement! {
    /// Sent messages are not read: the indexes `outbox_sender` and `outbox_failed` don't contain them.
    CountBacklog -> (BigInt, Nullable<Instant>, BigInt) {}
    "SELECT waiting.entries, waiting.oldest, failed.entries FROM \
        (SELECT count(*) AS entries, min(created_at) AS oldest FROM outbox \
            WHERE sent_at IS NULL AND failed_at IS NULL) AS waiting, \
        (SELECT count(*) AS entries FROM outbox \
            WHERE sent_at IS NULL AND failed_at IS NOT NULL) AS failed",
}

statement! {
    /// Increments the count, or changes nothing if the limit is reached.
    TakeAllowance -> () { key: String, day: DbTime, limit: i32 }
    "INSERT INTO mail_allowances (key, day, used) VALUES (", key, ", ", day, ", 1) \
     ON CONFLICT (day, key) DO UPDATE SET used = mail_allowances.used + 1 WHERE mail_allowances.used < ", limit,
}

statement! {
    DeleteAllowances -> () { before: DbTime, limit: i32 }
    "DELETE FROM mail_allowances WHERE (day, key) IN (SELECT day, key FROM mail_allowances WHERE day < ", before,
    " LIMIT ", limit, ")",
}

statement! {
    DeleteSent -> () { before: DbTime, limit: i32 }
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE sent_at < ", before, " LIMIT ", limit, ")",
}
