//! SQL expressions that diesel can't express. Their text is constant, so that both backends keep the queries
//! prepared.

use diesel::{
    Expression, QueryResult,
    pg::Pg,
    query_builder::{AstPass, QueryFragment},
    sql_types,
    sqlite::Sqlite,
};

macro_rules! expression {
    ($(#[$doc:meta])* $name:ident -> $sql_type:ty { pg: $pg:expr, sqlite: $sqlite:expr }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct $name;

        impl Expression for $name {
            type SqlType = $sql_type;
        }

        crate::storage::sql::selection::expression! { $name }

        expression! { @for Pg, $name, $pg }
        expression! { @for Sqlite, $name, $sqlite }
    };
    (@for $backend:ty, $name:ident, $sql:expr) => {
        impl QueryFragment<$backend> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }
    };
}

/// Reads only columns of the index `audit_events_sign_ins`.
const RECENT_FAILURES: &str = "(SELECT coalesce( \
        min(CASE WHEN kind <> 'login_failed' THEN place END) - 1, count(*)) FROM ( \
        SELECT kind, row_number() OVER (ORDER BY id DESC) AS place FROM ( \
            SELECT audit_events.id, kind FROM audit_events WHERE audit_events.user_id = users.id \
            AND kind IN ('login_failed', 'logged_in', 'password_changed', 'password_reset', 'password_set_by_operator') \
            ORDER BY audit_events.id DESC LIMIT 100 \
        ) AS recent \
    ) AS placed)";

expression! {
    /// The number of sign-ins to an account that have failed since the last successful one or new password, at
    /// most 100.
    RecentFailures -> sql_types::BigInt { pg: RECENT_FAILURES, sqlite: RECENT_FAILURES }
}

expression! {
    /// The last characters of an account's ID, which are random. Uses the index `users_sample`.
    RandomOrder -> sql_types::Text { pg: "right(users.id::text, 12)", sqlite: "substr(users.id, 11)" }
}
