//! The tables of both databases match the definitions for queries.

use doorward_adapters::storage::Migrator;
use doorward_testing::TestDatabase;

use crate::catalog::lines;

/// The names of a type in `schema.rs`, SQLite, and PostgreSQL.
const TYPES: [(&str, &str, &str); 7] = [
    ("Id", "BLOB", "uuid"),
    ("Instant", "INTEGER", "timestamp with time zone"),
    ("Text", "TEXT", "text"),
    ("Integer", "INTEGER", "integer"),
    ("BigInt", "INTEGER", "bigint"),
    ("Bool", "INTEGER", "boolean"),
    ("Binary", "BLOB", "bytea"),
];

on_both_databases!(tables_match_the_schema_of_the_queries);

/// Returns the columns in `storage/schema.rs`, which is private, by parsing its text: `table.column: type`,
/// followed by `null` if the column is nullable.
fn columns_of_the_queries(type_of: impl Fn(&(&str, &str, &'static str)) -> String) -> Vec<String> {
    let mut columns = Vec::new();
    let mut table = "";
    for part in include_str!("../../src/storage/sql/schema.rs").split([',', '{', '}']) {
        let words: Vec<_> = part.split_whitespace().collect();
        match words[..] {
            [.., name, key] if key.starts_with('(') && !name.ends_with('!') => table = name,
            [column, "->", kind] => {
                let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
                let types = TYPES.iter().find(|(name, ..)| *name == inner.unwrap_or(kind));
                let kind = type_of(types.unwrap_or_else(|| panic!("unknown type {kind}")));
                let null = if inner.is_some() { " null" } else { "" };
                columns.push(format!("{table}.{column}: {kind}{null}"));
            }
            _ => {}
        }
    }
    columns.sort();
    columns
}

async fn tables_match_the_schema_of_the_queries(database: &TestDatabase) {
    const ON_SQLITE: &str = "SELECT m.name || '.' || p.name || ': ' || p.type || \
            CASE p.\"notnull\" WHEN 0 THEN ' null' ELSE '' END AS line \
        FROM sqlite_master m, pragma_table_info(m.name) p \
        WHERE m.type = 'table' AND m.name <> '__diesel_schema_migrations'";
    const ON_POSTGRES: &str = "SELECT table_name || '.' || column_name || ': ' || data_type || \
            CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END AS line \
        FROM information_schema.columns \
        WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'";
    Migrator(database.url()).run().await.unwrap();
    let mut columns = lines(database, ON_SQLITE, ON_POSTGRES).await;
    columns.sort();
    let expected = columns_of_the_queries(|(_, sqlite, postgres)| {
        let is_sqlite = database.url_text().starts_with("sqlite:");
        if is_sqlite { sqlite } else { postgres }.to_string()
    });
    assert!(expected.len() > 50);
    assert_eq!(columns, expected);
}

/// Returns the indexes and references of a database, in the same format for both databases.
async fn keys(database: &TestDatabase) -> Vec<String> {
    const ON_SQLITE: &str = "SELECT 'index ' || name || ' on ' || tbl_name AS line \
        FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL \
        UNION ALL SELECT m.name || '.' || f.\"from\" || ' references ' || f.\"table\" || \
            ' on delete ' || lower(f.on_delete) \
        FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' \
        UNION ALL SELECT 'unique ' || m.name || '(' || (SELECT group_concat(c.name) \
            FROM pragma_index_info(i.name) c) || ')' \
        FROM sqlite_master m, pragma_index_list(m.name) i \
        WHERE m.type = 'table' AND i.origin <> 'c' AND m.name <> '__diesel_schema_migrations'";
    const ON_POSTGRES: &str = "SELECT 'index ' || indexname || ' on ' || tablename AS line \
        FROM pg_indexes WHERE schemaname = 'public' \
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname) \
        UNION ALL SELECT conrelid::regclass || '.' || attname || ' references ' || \
            confrelid::regclass || ' on delete ' || CASE confdeltype WHEN 'c' THEN 'cascade' \
                WHEN 'n' THEN 'set null' ELSE 'no action' END \
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] \
        WHERE contype = 'f' \
        UNION ALL SELECT 'unique ' || conrelid::regclass || '(' || (SELECT string_agg(attname, ',' \
                ORDER BY array_position(conkey, attnum)) \
            FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)) || ')' \
        FROM pg_constraint WHERE contype IN ('p', 'u') \
            AND connamespace = 'public'::regnamespace \
            AND conrelid <> '__diesel_schema_migrations'::regclass";
    let mut keys = lines(database, ON_SQLITE, ON_POSTGRES).await;
    keys.sort();
    keys
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn both_databases_have_the_same_keys_and_references() {
    let (sqlite, postgres) = (TestDatabase::sqlite().await, TestDatabase::postgres());
    let (sqlite, postgres) = (keys(&sqlite).await, keys(&postgres.await).await);
    assert!(sqlite.len() > 20);
    assert_eq!(sqlite, postgres);
}
