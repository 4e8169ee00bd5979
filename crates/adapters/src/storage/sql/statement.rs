use diesel::{
    QueryResult,
    query_builder::AstPass,
    serialize::ToSql,
    sql_types::{self, HasSqlType, SingleValue},
};

use super::column::{DbId, DbTime, Id, Instant};

/// Maps a Rust type to the SQL type that it is bound as.
pub(crate) trait Bind {
    type Sql: SingleValue + sql_types::SqlType + 'static;
}

macro_rules! bind {
    ($($rust:ty => $sql:ty),+ $(,)?) => {$( impl Bind for $rust { type Sql = $sql; } )+};
}

bind! {
    DbId => Id,
    DbTime => Instant,
    Option<DbId> => sql_types::Nullable<Id>,
    Option<String> => sql_types::Nullable<sql_types::Text>,
    String => sql_types::Text,
    &'static str => sql_types::Text,
    i32 => sql_types::Integer,
    i64 => sql_types::BigInt,
    Option<i32> => sql_types::Nullable<sql_types::Integer>,
    bool => sql_types::Bool,
}

pub(crate) fn push<'b, T, DB>(out: &mut AstPass<'_, 'b, DB>, value: &'b T) -> QueryResult<()>
where
    DB: diesel::backend::Backend + HasSqlType<T::Sql>,
    T: Bind + ToSql<T::Sql, DB>,
{
    out.push_bind_param::<T::Sql, T>(value)
}

/// Defines a statement as SQL text: its parameters, its row, and its text, with the parameters in their places and
/// constant expressions in parentheses. The text is constant, so both backends keep it prepared.
///
/// ```text
/// statement! {
///     /// Why it exists.
///     EndSession -> Id { now: DbTime, id: DbId }
///     "UPDATE sessions SET ended_at = ", now, " WHERE id = ", id, " RETURNING id"
/// }
/// ```
macro_rules! statement {
    (
        $(#[$meta:meta])*
        $name:ident -> $row:ty { $($field:ident: $type:ty),* $(,)? }
        $($part:tt),+ $(,)?
    ) => {
        $(#[$meta])*
        pub(crate) struct $name {
            $(pub(crate) $field: $type,)*
        }

        impl diesel::query_builder::QueryId for $name {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::Query for $name {
            type SqlType = $row;
        }

        $crate::storage::sql::statement::statement! { @for diesel::pg::Pg, $name, $($part),+ }
        $crate::storage::sql::statement::statement! { @for diesel::sqlite::Sqlite, $name, $($part),+ }
    };
    (@for $backend:ty, $name:ident, $($part:tt),+) => {
        impl diesel::query_builder::QueryFragment<$backend> for $name {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, $backend>,
            ) -> diesel::QueryResult<()> {
                $($crate::storage::sql::statement::statement! { @part self, out, $part })+
                Ok(())
            }
        }
    };
    (@part $self:ident, $out:ident, $sql:literal) => {
        $out.push_sql($sql);
    };
    (@part $self:ident, $out:ident, ($expression:expr)) => {
        diesel::query_builder::QueryFragment::walk_ast(&$expression, $out.reborrow())?;
    };
    (@part $self:ident, $out:ident, $field:ident) => {
        $crate::storage::sql::statement::push(&mut $out, &$self.$field)?;
    };
}

pub(crate) use statement;
