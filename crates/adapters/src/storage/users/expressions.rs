//! What diesel has no words for. The texts are constant, so that both backends keep the queries prepared.

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
        pub(in crate::storage) struct $name;

        impl Expression for $name {
            type SqlType = $sql_type;
        }

        crate::storage::selection::expression! { $name }

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

/// The index `audit_events_sign_ins` has all that this reads.
const RECENT_FAILURES: &str = "(SELECT coalesce( \
        min(CASE WHEN kind <> 'login_failed' THEN place END) - 1, count(*)) FROM ( \
        SELECT kind, row_number() OVER (ORDER BY id DESC) AS place FROM ( \
            SELECT audit_events.id, kind FROM audit_events WHERE audit_events.user_id = users.id \
            AND kind IN ('login_failed', 'logged_in', 'password_changed', 'password_reset', 'password_set') \
            ORDER BY audit_events.id DESC LIMIT 100 \
        ) AS recent \
    ) AS placed)";

expression! {
    /// How many sign-ins to an account have failed since a good one or a new password, a hundred at most.
    RecentFailures -> sql_types::BigInt { pg: RECENT_FAILURES, sqlite: RECENT_FAILURES }
}

expression! {
    /// The end of an account's id, which chance has made; by the index `users_sample`.
    InOrderOfChance -> sql_types::Text { pg: "right(users.id::text, 12)", sqlite: "substr(users.id, 11)" }
}
