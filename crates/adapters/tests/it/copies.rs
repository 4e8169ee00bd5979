//! Copies of all data from one database to another.

use std::collections::BTreeMap;

use doorward_adapters::storage::{CopyError, copy};
use doorward_testing::TestDatabase;

use crate::catalog::{execute, lines};

/// One or two rows of each table, with values that are easily lost: nulls, microseconds, times before 1970, zero
/// bytes, long texts, and more rows than one batch.
const ROWS: &str = "
INSERT INTO orgs VALUES
    (x'00000000000070008000000000000001', 'Zoë''s \u{1F99A}', 'personal', 1798000000123456),
    (x'ffffffffffff7fffbfffffffffffffff', '', 'shared', -1);
INSERT INTO users VALUES
    (x'00000000000070008000000000000011', 'Ann@Example.com', 'ann@example.com', 'Ann', 'ann', '$argon2id$', 7,
     6, '192.0.2.9', 8, 'Ann', 'https://example.com/a', 'a\nb', 'Europe/Berlin', 'de', '{\"a\":\"\\u0000\"}', '{ }', 1, 2, 1, 0,
     x'00000000000070008000000000000001', 3, 4, 5),
    (x'00000000000070008000000000000012', 'b@example.com', 'b@example.com', 'b', 'b', NULL, 0,
     NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, '{}', '{}', NULL, NULL, 0, 1, NULL, NULL, 1798000000000001, 1798000000999999);
INSERT INTO memberships VALUES
    (x'00000000000070008000000000000011', x'00000000000070008000000000000001', 'owner', 1798000000123456);
INSERT INTO sessions VALUES
    (x'00000000000070008000000000000021', x'00000000000070008000000000000011',
     x'00000000000070008000000000000001', 2147483647, 1, 2, 3, 4, '192.0.2.1', 'curl',
     '192.0.2.2', 'wget', '192.0.2.3', 5, 'logged_out', 9),
    (x'00000000000070008000000000000022', x'00000000000070008000000000000012', NULL, 1, 1, 2, 3, 4, '::1', NULL,
     '::1', NULL, '::1', NULL, NULL, 0);
INSERT INTO one_time_tokens VALUES
    (x'00000000000070008000000000000031', x'00000000000070008000000000000011', 'verify_email', 'a@b', 1, 1, 2, 3,
     4, 5, 6, 7, 8),
    (x'00000000000070008000000000000032', x'00000000000070008000000000000012', 'reset_password', 'a@b', 1, 1, 2,
     NULL, NULL, 5, 6, 7, 8);
INSERT INTO invites VALUES
    (x'00000000000070008000000000000041', x'00000000000070008000000000000001', 'C@d', 'c@d', 'member',
     x'00000000000070008000000000000011', 1, 1, 2, NULL, NULL);
INSERT INTO outbox VALUES
    (x'00000000000070008000000000000051', 'a@b', 'verify_email', x'00000000000070008000000000000031', 1, 1, 2,
     'account', 'user:1', 7, 1, 3, 4, 5, 'no', x'00000000000070008000000000000021', 'key'),
    (x'00000000000070008000000000000052', 'a@b', 'notice', NULL, NULL, 1, 2, 'bulk', '', 2, 0,
     0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO mail_allowances VALUES ('invitations to a@b', 1, 2);
INSERT INTO signing_keys VALUES ('kid', 1, 'EdDSA', x'00ff00', x'', 1, 2, NULL);
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1201)
INSERT INTO audit_events SELECT unhex(printf('%032x', n)), 'logged_in', n, NULL, NULL, NULL, '::1', NULL, n
    FROM numbers;
";

/// Returns the rows of each table, in the same format for both databases.
async fn contents(database: &TestDatabase) -> BTreeMap<String, Vec<String>> {
    const COLUMNS: &str = "SELECT m.name || '.' || p.name || '.' || p.type AS line \
        FROM sqlite_master m, pragma_table_info(m.name) p \
        WHERE m.type = 'table' AND m.name <> '__diesel_schema_migrations' ORDER BY m.name, p.name";
    const COLUMNS_OF_POSTGRES: &str = "SELECT table_name || '.' || column_name || '.' || data_type \
            AS line FROM information_schema.columns \
        WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations' \
        ORDER BY table_name, column_name COLLATE \"C\"";
    let mut expressions = BTreeMap::<String, Vec<String>>::new();
    for line in lines(database, COLUMNS, COLUMNS_OF_POSTGRES).await {
        let [table, column, kind] = line.splitn(3, '.').collect::<Vec<_>>().try_into().unwrap();
        let text = match kind {
            "BLOB" => format!("lower(hex({column}))"),
            "bytea" => format!("encode({column}, 'hex')"),
            "uuid" => format!("replace({column}::text, '-', '')"),
            "boolean" => format!("({column}::integer)::text"),
            "timestamp with time zone" => {
                format!("((extract(epoch FROM {column}) * 1000000)::bigint)::text")
            }
            _ => format!("CAST({column} AS text)"),
        };
        // hex() converts null to a text as well.
        let text = format!("CASE WHEN {column} IS NULL THEN 'null' ELSE {text} END");
        expressions.entry(table.to_owned()).or_default().push(format!("'{column}=' || {text}"));
    }
    let mut contents = BTreeMap::new();
    for (table, columns) in expressions {
        let sql = format!("SELECT {} AS line FROM {table}", columns.join(" || ', ' || "));
        let mut rows = lines(database, &sql, &sql).await;
        rows.sort();
        contents.insert(table, rows);
    }
    contents
}

async fn filled() -> TestDatabase {
    let database = TestDatabase::sqlite().await;
    execute(&database, ROWS).await;
    database
}

/// Copies, and compares every row of source and target.
async fn assert_copied(from: &TestDatabase, to: &TestDatabase) {
    let copied = copy(from.url(), to.url(), &|_| {}).await.unwrap();
    let (expected, arrived) = (contents(from).await, contents(to).await);
    for (table, rows) in &expected {
        assert!(!rows.is_empty(), "the test has no row of {table}");
        assert_eq!(arrived[table], *rows, "{table}");
        let told = copied.iter().find(|copied| copied.table == table);
        assert_eq!(told.unwrap().rows, u64::try_from(rows.len()).unwrap(), "{table}");
    }
    assert_eq!(copied.len(), expected.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_is_copied_to_sqlite() {
    assert_copied(&filled().await, &TestDatabase::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn every_row_is_copied_to_postgres_and_back() {
    let (from, to) = (filled().await, TestDatabase::postgres().await);
    assert_copied(&from, &to).await;
    assert_copied(&to, &TestDatabase::postgres().await).await;
    let back = TestDatabase::sqlite().await;
    assert_copied(&to, &back).await;
    assert_eq!(contents(&from).await, contents(&back).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn copy_rejects_sqlite_database_in_use() {
    let (from, to) = (filled().await, TestDatabase::sqlite().await);
    let server = from.open();
    doorward_domain::ports::Storage::check_ready(&server).await.unwrap();
    let refused = copy(from.url(), to.url(), &|_| {}).await;
    assert!(matches!(refused, Err(CopyError::InUse { .. })), "{refused:?}");
    drop(server);
    let server = to.open();
    doorward_domain::ports::Storage::check_ready(&server).await.unwrap();
    let refused = copy(from.url(), to.url(), &|_| {}).await;
    assert!(matches!(refused, Err(CopyError::InUse { .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn copy_rejects_postgres_database_in_use() {
    let (database, other) = (TestDatabase::postgres().await, TestDatabase::sqlite().await);
    let server = database.open();
    doorward_domain::ports::Storage::check_ready(&server).await.unwrap();
    for (from, to) in [(&database, &other), (&other, &database)] {
        let refused = copy(from.url(), to.url(), &|_| {}).await;
        assert!(matches!(refused, Err(CopyError::InUse { .. })), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn non_empty_target_is_not_written() {
    let (from, to) = (filled().await, TestDatabase::postgres().await);
    copy(from.url(), to.url(), &|_| {}).await.unwrap();
    let before = contents(&to).await;
    let refused = copy(from.url(), to.url(), &|_| {}).await;
    assert!(matches!(refused, Err(CopyError::NotEmpty { table: "orgs", .. })), "{refused:?}");
    assert_eq!(contents(&to).await, before);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn rejected_row_rolls_back_the_whole_copy() {
    let (from, to) = (filled().await, TestDatabase::postgres().await);
    // PostgreSQL's texts can't contain a zero byte. It is in the last of many rows.
    let sql = "UPDATE audit_events SET user_agent = 'a' || char(0) || 'b' WHERE at = 1201";
    execute(&from, sql).await;
    let refused = copy(from.url(), to.url(), &|_| {}).await;
    let in_audit = matches!(refused, Err(CopyError::Table { table: "audit_events", .. }));
    assert!(in_audit, "{refused:?}");
    assert!(contents(&to).await.values().all(Vec::is_empty));
    // The source is not in use anymore.
    execute(&from, "UPDATE audit_events SET user_agent = NULL").await;
    assert_copied(&from, &to).await;
}
