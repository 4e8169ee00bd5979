//! Migrations: up and down, concurrently, and from newer versions.

use std::{collections::BTreeSet, fs, path::Path};

use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use doorward_adapters::storage::{DatabaseUrl, MigrationError, Migrator};
use doorward_testing::TestDatabase;
use futures::future::join_all;

use crate::catalog::{self, lines};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

on_both_databases! {
    migrating_up_down_and_up_restores_the_schema,
    second_migration_run_does_nothing,
    eight_servers_can_migrate_concurrently,
    schema_newer_than_the_server_is_rejected,
    migration_status_runs_no_migration,
}

async fn up(database: &TestDatabase) -> Vec<String> {
    Migrator(database.url()).run().await.unwrap()
}

async fn down(database: &TestDatabase) {
    match database.url() {
        DatabaseUrl::Sqlite(_) => {
            catalog::sqlite(database).revert_all_migrations(SQLITE).unwrap();
        }
        DatabaseUrl::Postgres(_) => {
            let connection = AsyncPgConnection::establish(database.url_text()).await.unwrap();
            AsyncMigrationHarness::new(connection).revert_all_migrations(POSTGRES).unwrap();
        }
    }
}

/// Returns everything that the migrations create, as the database describes it.
async fn schema(database: &TestDatabase) -> Vec<String> {
    const ON_SQLITE: &str = "SELECT type || ' ' || name || ': ' || coalesce(sql, '') AS line \
        FROM sqlite_master WHERE tbl_name <> '__diesel_schema_migrations' ORDER BY line";
    const ON_POSTGRES: &str = "SELECT 'column ' || c.table_name || '.' || c.column_name || ': ' || \
            c.data_type || ' ' || c.is_nullable || ' ' || coalesce(c.column_default, '') AS line \
        FROM information_schema.columns c WHERE c.table_schema = 'public' \
            AND c.table_name <> '__diesel_schema_migrations' \
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
            AND tablename <> '__diesel_schema_migrations' \
        UNION ALL SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) \
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
            AND conrelid <> '__diesel_schema_migrations'::regclass ORDER BY line";
    lines(database, ON_SQLITE, ON_POSTGRES).await
}

async fn migrating_up_down_and_up_restores_the_schema(database: &TestDatabase) {
    let done = up(database).await;
    let first = schema(database).await;
    assert!(!done.is_empty() && first.len() > 20);
    down(database).await;
    assert_eq!(schema(database).await, [""; 0]);
    assert_eq!(up(database).await, done);
    assert_eq!(schema(database).await, first);
}

async fn second_migration_run_does_nothing(database: &TestDatabase) {
    up(database).await;
    assert_eq!(up(database).await, [""; 0]);
}

async fn eight_servers_can_migrate_concurrently(database: &TestDatabase) {
    let server = |url: DatabaseUrl| tokio::spawn(async move { Migrator(&url).run().await });
    let servers: Vec<_> = (0..8).map(|_| server(database.url().clone())).collect();
    let answers = join_all(servers).await.into_iter().map(|answer| answer.unwrap().unwrap());
    assert_eq!(answers.filter(|done| !done.is_empty()).count(), 1);
}

async fn schema_newer_than_the_server_is_rejected(database: &TestDatabase) {
    up(database).await;
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
    catalog::execute(database, newer).await;
    let before = schema(database).await;
    let refused = Migrator(database.url()).run().await;
    let Err(MigrationError::TooNew(version)) = refused else { panic!("{refused:?}") };
    assert_eq!(version, "99990101000000");
    assert_eq!(schema(database).await, before);
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| -> BTreeSet<_> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(database);
        let folders = fs::read_dir(folder).unwrap().map(Result::unwrap);
        folders
            .map(|folder| {
                for file in ["up.sql", "down.sql"] {
                    assert!(folder.path().join(file).is_file(), "{folder:?} has no {file}");
                }
                folder.file_name()
            })
            .collect()
    };
    assert_eq!(names("postgres"), names("sqlite"));
}

async fn migration_status_runs_no_migration(database: &TestDatabase) {
    let status = async || Migrator(database.url()).status().await.unwrap();
    for _ in 0..2 {
        assert!(status().await.iter().all(|migration| !migration.is_applied && migration.is_known));
    }
    if let DatabaseUrl::Sqlite(path) = database.url() {
        assert!(!path.exists());
    }
    let done = up(database).await;
    let found = status().await;
    assert_eq!(found.iter().map(|migration| migration.version.clone()).collect::<Vec<_>>(), done);
    assert!(found.iter().all(|migration| migration.is_applied));
    down(database).await;
    assert!(status().await.iter().all(|migration| !migration.is_applied));
}
