//! Databases that are reachable but unusable.

use std::{fs, os::unix::fs::PermissionsExt};

use doorward_adapters::storage::{Fitness, MigrationError, Migrator, Unfit};
use doorward_domain::ports::{NotReady, Storage};
use doorward_testing::TestDatabase;
use tempfile::TempDir;

use crate::catalog;

on_both_databases! {
    usable_database_is_fit_and_ready,
    missing_table_or_migration_is_not_ready,
}

async fn unfit(database: &TestDatabase) -> Unfit {
    match Migrator(database.url()).check().await {
        Err(MigrationError::Unfit { problem, .. }) => problem,
        outcome => panic!("{outcome:?}"),
    }
}

async fn usable_database_is_fit_and_ready(database: &TestDatabase) {
    for _ in 0..2 {
        assert_eq!(Migrator(database.url()).check().await.unwrap(), Fitness::default());
        Migrator(database.url()).run().await.unwrap();
        database.open().check_ready().await.unwrap();
    }
}

async fn missing_table_or_migration_is_not_ready(database: &TestDatabase) {
    let storage = database.open();
    let outcome = storage.check_ready().await;
    // A missing file is not writable.
    assert!(matches!(outcome, Err(NotReady::Schema(_) | NotReady::ReadOnly(_))), "{outcome:?}");
    Migrator(database.url()).run().await.unwrap();
    storage.check_ready().await.unwrap();
    let forget = "DELETE FROM __diesel_schema_migrations \
        WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)";
    catalog::execute(database, forget).await;
    let outcome = storage.check_ready().await;
    assert!(matches!(outcome, Err(NotReady::Schema(_))), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn read_only_database_is_unfit_and_not_ready() {
    let database = TestDatabase::postgres().await;
    let storage = database.open();
    storage.check_ready().await.unwrap();
    database.set("default_transaction_read_only", "on").await;
    assert!(matches!(unfit(&database).await, Unfit::ReadOnly { .. }));
    let outcome = storage.check_ready().await;
    assert!(matches!(outcome, Err(NotReady::ReadOnly(_))), "{outcome:?}");
    database.set("default_transaction_read_only", "off").await;
    storage.check_ready().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn database_whose_encoding_is_not_utf8_is_unfit() {
    for encoding in ["SQL_ASCII", "LATIN1"] {
        let database = TestDatabase::empty_postgres_with_encoding(encoding).await;
        let problem = unfit(&database).await;
        assert_eq!(problem, Unfit::Encoding { encoding: encoding.to_owned() });
        assert!(problem.to_string().contains("createdb --encoding=UTF8"), "{problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn error_for_missing_privileges_lists_the_grants() {
    let database = TestDatabase::empty_postgres().await;
    let role = database.create_role().await;
    let check = async || {
        Migrator(&role).check().await.map_err(|error| match error {
            MigrationError::Unfit { problem, .. } => problem.to_string(),
            error => panic!("{error:?}"),
        })
    };
    database.revoke_schema().await;
    let problem = check().await.unwrap_err();
    assert!(problem.contains("GRANT USAGE, CREATE ON SCHEMA"), "{problem}");

    Migrator(database.url()).run().await.unwrap();
    let problem = check().await.unwrap_err();
    assert!(problem.contains("GRANT SELECT, INSERT, UPDATE, DELETE"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unwritable_file_is_reported_with_advice() {
    let folder = TempDir::new().unwrap();
    let url = |path: &str| format!("sqlite://{}/{path}", folder.path().display()).parse().unwrap();
    fs::write(
        folder.path().join("notes.txt"),
        "not a database, but long enough to be one".repeat(50),
    )
    .unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    for (path, expected) in [
        ("missing/a.db", "create it"),
        ("folder", "is a folder"),
        ("notes.txt", "not an SQLite database"),
    ] {
        let url = url(path);
        let outcome = Migrator(&url).check().await;
        let Err(MigrationError::Unfit { problem: Unfit::File(said), .. }) = outcome else {
            panic!("{path}: {outcome:?}");
        };
        assert!(said.contains(expected), "{path}: {said}");
    }
}

/// Root may write everywhere, so this test is significant only for other users.
#[tokio::test(flavor = "multi_thread")]
async fn read_only_file_and_folder_are_not_ready() {
    if rustix::process::geteuid().is_root() {
        return;
    }
    let database = TestDatabase::sqlite().await;
    let storage = database.open();
    let path = std::path::PathBuf::from(database.url_text().trim_start_matches("sqlite://"));
    for (what, mode) in [(path.as_path(), 0o444), (path.parent().unwrap(), 0o555)] {
        let before = fs::metadata(what).unwrap().permissions();
        fs::set_permissions(what, fs::Permissions::from_mode(mode)).unwrap();
        let outcome = storage.check_ready().await;
        let problem = unfit(&database).await;
        fs::set_permissions(what, before).unwrap();
        assert!(matches!(outcome, Err(NotReady::ReadOnly(_))), "{outcome:?}");
        assert!(matches!(problem, Unfit::File(_)), "{problem}");
        storage.check_ready().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_file_is_not_ready() {
    let database = TestDatabase::sqlite().await;
    let storage = database.open();
    storage.check_ready().await.unwrap();
    fs::remove_file(database.url_text().trim_start_matches("sqlite://")).unwrap();
    let outcome = storage.check_ready().await;
    assert!(matches!(outcome, Err(NotReady::ReadOnly(_))), "{outcome:?}");
}
