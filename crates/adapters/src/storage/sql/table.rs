//! Table definitions, for queries and for copies.

use diesel::sql_types;

use super::column::{DbId, DbTime, Id, Instant};

/// Maps an SQL type to the Rust type that holds any of its values.
pub(crate) trait Kind {
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
            use $crate::storage::sql::column::{Id, Instant};
            $table ($($key),+) { $($column -> $kind $(<$inner>)?,)+ }
        })+

        /// Whole rows.
        mod rows {
            $(pub(crate) mod $table {
                // All kinds are imported, since no table has columns of every kind.
                use diesel::sql_types::*;
                use $crate::storage::sql::{column::*, schema::$table, table::Kind};

                #[derive(diesel::Queryable, diesel::Insertable)]
                #[diesel(table_name = $table, treat_none_as_default_value = false)]
                pub(crate) struct Row {
                    $($column: <$kind $(<$inner>)? as Kind>::Value,)+
                }

                $crate::storage::transfer::copy::row::copied!($table);
            })+
        }

        /// The tables, each after those that it references.
        pub(crate) const TABLES: &[&str] = &[$(stringify!($table)),+];

        /// Copies the rows of all tables.
        pub(crate) async fn copy_all(
            copy: &mut $crate::storage::transfer::copy::Copy<'_>,
        ) -> Result<(), $crate::storage::transfer::copy::CopyError> {
            $(copy.table::<rows::$table::Row>().await?;)+
            Ok(())
        }
    };
}

pub(crate) use tables;
