//! Table definitions, for queries and for copies.

use diesel::sql_types;

use super::column::{DbId, DbTime, Id, Instant};

/// Maps an SQL type to the Rust type that holds any of its values.
pub(super) trait Kind {
    type Value;
}

macro_rules! kinds {
    ($($sql:ty => $rust:ty),+ $(,)?) => {$( impl Kind for $sql { type Value = $rust; } )+};
}

kinds! {
    Id => DbId,
    Instant => DbTime,
    sql_types::Text => String,
    sql_types::Integer => i32,
    sql_types::BigInt => i64,
    sql_types::Bool => bool,
    sql_types::Binary => Vec<u8>,
}

impl<K: Kind + sql_types::SqlType> Kind for sql_types::Nullable<K>
where
    sql_types::Nullable<K>: sql_types::SqlType,
{
    type Value = Option<K::Value>;
}

/// Defines the tables for queries, and their whole rows for copies, so that a copy can't omit a table or column.
macro_rules! tables {
    ($($table:ident ($($key:ident),+) {
        $($column:ident -> $kind:ident $(<$inner:ident>)?,)+
    })+) => {
        $(diesel::table! {
            use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};
            use $crate::storage::column::{Id, Instant};
            $table ($($key),+) { $($column -> $kind $(<$inner>)?,)+ }
        })+

        /// Whole rows.
        mod rows {
            $(pub(super) mod $table {
                // All kinds are imported, since no table has columns of every kind.
                use diesel::sql_types::*;
                use $crate::storage::{column::*, schema::$table, table::Kind};

                #[derive(diesel::Queryable, diesel::Insertable)]
                #[diesel(table_name = $table, treat_none_as_default_value = false)]
                pub(in crate::storage) struct Row {
                    $($column: <$kind $(<$inner>)? as Kind>::Value,)+
                }

                $crate::storage::copy::row::copied!($table);
            })+
        }

        /// The tables, each after those that it references.
        pub(super) const TABLES: &[&str] = &[$(stringify!($table)),+];

        /// Copies the rows of all tables.
        pub(super) async fn copy_all(
            copy: &mut $crate::storage::copy::Copy<'_>,
        ) -> Result<(), $crate::storage::copy::CopyError> {
            $(copy.table::<rows::$table::Row>().await?;)+
            Ok(())
        }
    };
}

pub(super) use tables;
