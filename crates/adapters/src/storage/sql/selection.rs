//! The columns that a row is read from, as a single expression.
//!
//! Diesel's own selection is a tuple of columns, and the compiler checks for each query that every column belongs
//! to it. These checks took half of the compile time of this crate.

/// Defines a row that is read from a table, column by column in the order of its fields.
///
/// ```text
/// row! {
///     /// A row of `orgs`.
///     struct OrgRow from orgs as OrgColumns { id: DbId, name: String }
///     // Computed values: field, type, SQL type, and SQL.
///     and { is_old: bool as Bool = "orgs.created_at < 0" }
/// }
/// ```
macro_rules! row {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident from $table:ident as $columns:ident {
            $($field:ident: $type:ty),+ $(,)?
        }
        $(and { $($computed:ident: $computed_type:ty as $sql_type:ty = $sql:literal),+ $(,)? })?
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $($vis $field: $type,)+
            $($($vis $computed: $computed_type,)+)?
        }

        /// The columns of the row.
        #[derive(Debug, Clone, Copy)]
        $vis struct $columns;

        impl diesel::Expression for $columns {
            type SqlType = (
                $(diesel::dsl::SqlTypeOf<$crate::storage::sql::schema::$table::$field>,)+
                $($($sql_type,)+)?
            );
        }

        $crate::storage::sql::selection::expression! { $columns }

        $crate::storage::sql::selection::queryable! {
            $name, $columns, $($field: $type,)+ $($($computed: $computed_type,)+)?
        }

        impl<DB: diesel::backend::Backend> diesel::Selectable<DB> for $name {
            type SelectExpression = $columns;

            fn construct_selection() -> $columns {
                $columns
            }
        }

        impl<DB: diesel::backend::Backend> diesel::query_builder::QueryFragment<DB> for $columns {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, DB>,
            ) -> diesel::QueryResult<()> {
                const COLUMNS: &[&str] = &[
                    $(concat!(stringify!($table), ".", stringify!($field)),)+
                    $($($sql,)+)?
                ];
                for (index, column) in COLUMNS.iter().enumerate() {
                    if index > 0 {
                        out.push_sql(", ");
                    }
                    out.push_sql(column);
                }
                Ok(())
            }
        }
    };
}

/// Reads a row from the columns, implemented for each backend separately: for a generic `Queryable`, the compiler
/// would check every query against it.
macro_rules! queryable {
    ($name:ident, $columns:ident, $($field:ident: $type:ty,)+) => {
        $crate::storage::sql::selection::queryable! {
            @for diesel::pg::Pg, $name, $columns, $($field: $type,)+
        }
        $crate::storage::sql::selection::queryable! {
            @for diesel::sqlite::Sqlite, $name, $columns, $($field: $type,)+
        }
    };
    (@for $backend:ty, $name:ident, $columns:ident, $($field:ident: $type:ty,)+) => {
        impl diesel::Queryable<diesel::dsl::SqlTypeOf<$columns>, $backend> for $name {
            type Row = ($($type,)+);

            fn build(($($field,)+): Self::Row) -> diesel::deserialize::Result<Self> {
                Ok(Self { $($field,)+ })
            }
        }
    };
}

/// Implements the traits of an expression that has constant text and takes part in no grouping. Diesel doesn't
/// check that the query includes the tables that the text names.
macro_rules! expression {
    ($name:ident) => {
        impl diesel::query_builder::QueryId for $name {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl<T> diesel::AppearsOnTable<T> for $name {}
        impl<T> diesel::SelectableExpression<T> for $name {}

        impl<G> diesel::expression::ValidGrouping<G> for $name {
            type IsAggregate = diesel::expression::is_aggregate::Never;
        }
    };
}

pub(crate) use {expression, queryable, row};
