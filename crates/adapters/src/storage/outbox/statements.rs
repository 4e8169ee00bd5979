use diesel::sql_types::{BigInt, Nullable};

use crate::storage::{
    column::{DbTime, Instant},
    statement::statement,
};

/// How many mails wait, since when the first of them does, and how many were given up.
pub(super) type BacklogRow = (i64, Option<DbTime>, i64);

statement! {
    /// What has gone out is not looked at: the indexes `outbox_sender` and `outbox_parked` are without it.
    CountBacklog -> (BigInt, Nullable<Instant>, BigInt) {}
    "SELECT waiting.mails, waiting.oldest, parked.mails FROM \
        (SELECT count(*) AS mails, min(created_at) AS oldest FROM outbox \
            WHERE sent_at IS NULL AND parked_at IS NULL) AS waiting, \
        (SELECT count(*) AS mails FROM outbox \
            WHERE sent_at IS NULL AND parked_at IS NOT NULL) AS parked",
}

statement! {
    /// Counts one more, or changes nothing.
    TakeAllowance -> () { key: String, day: DbTime, limit: i32 }
    "INSERT INTO mail_allowances (key, day, used) VALUES (", key, ", ", day, ", 1) \
     ON CONFLICT (day, key) DO UPDATE SET used = mail_allowances.used + 1 WHERE mail_allowances.used < ", limit,
}
