//! Faults of a database, injected on purpose.

use std::path::Path;

use diesel::{Connection, RunQueryDsl, SqliteConnection};
use doorward_adapters::storage::DatabaseUrl;

use crate::{Relay, TestDatabase};

impl TestDatabase {
    /// Makes a PostgreSQL server reject or accept connections to this database. Existing connections are
    /// closed if it rejects them.
    ///
    /// # Panics
    /// Panics if the database isn't on a server.
    pub async fn allow_connections(&self, allow: bool) {
        let database = self.server().expect("an SQLite file has no connections to refuse");
        let name = database.name();
        database.execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allow}")).await;
        if !allow {
            let of_ours = format!("pg_stat_activity WHERE datname = '{name}'");
            database
                .execute(&format!("SELECT pg_terminate_backend(pid, 5000) FROM {of_ours}"))
                .await;
        }
    }

    /// Sets a parameter for all new connections to a PostgreSQL database, and closes the existing ones.
    ///
    /// # Panics
    /// Panics if the database isn't on a server.
    pub async fn set(&self, parameter: &str, value: &str) {
        self.set_default(parameter, value).await;
        let database = self.server().expect("an SQLite file has no parameters");
        let name = database.name();
        let of_ours = format!("pg_stat_activity WHERE datname = '{name}'");
        database.execute(&format!("SELECT pg_terminate_backend(pid, 5000) FROM {of_ours}")).await;
    }

    /// Sets a parameter for all new connections to a PostgreSQL database. Existing connections keep their
    /// values.
    ///
    /// # Panics
    /// Panics if the database isn't on a server.
    pub async fn set_default(&self, parameter: &str, value: &str) {
        let database = self.server().expect("an SQLite file has no parameters");
        let name = database.name();
        database.execute(&format!("ALTER DATABASE {name} SET {parameter} = {value}")).await;
    }

    /// Creates a role that owns nothing. Returns the URL of this database for the role.
    ///
    /// # Panics
    /// Panics if the database isn't on a server.
    pub async fn create_role(&self) -> DatabaseUrl {
        let database = self.server().expect("an SQLite file has no roles");
        database.execute(&format!("CREATE ROLE {} LOGIN", database.name())).await;
        database.url_as(database.name()).parse().expect("the URL for the role is invalid")
    }

    /// Allows only the owner to create tables, as PostgreSQL 15 and newer do.
    ///
    /// # Panics
    /// Panics if the database isn't on a server.
    pub async fn revoke_schema(&self) {
        let database = self.server().expect("an SQLite file has no schema");
        database.execute_in_database("REVOKE CREATE ON SCHEMA public FROM PUBLIC").await;
    }

    /// Starts a relay in front of a PostgreSQL server, which can be made to fail.
    ///
    /// # Panics
    /// Panics if the database isn't on a server, or not reached over a Unix socket.
    pub async fn behind_relay(&self) -> Relay {
        self.server().expect("an SQLite file has no relay").behind_relay().await
    }

    /// Renames a table, so that everything that needs it fails.
    ///
    /// # Panics
    /// Panics if there is no such table.
    pub async fn rename_table(&self, from: &str, to: &str) {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        if let Some(database) = self.server() {
            database.execute_in_database(&sql).await;
            return;
        }
        let path = self.url_text().trim_start_matches("sqlite://");
        let mut connection = SqliteConnection::establish(path).expect("can't open the database");
        diesel::sql_query(sql).execute(&mut connection).expect("the table can't be renamed");
    }

    /// Adds an unknown migration to the list of applied migrations in an SQLite file.
    ///
    /// # Panics
    /// Panics if there is no such database.
    pub fn mark_as_newer(path: &Path) {
        let path = path.to_str().expect("a test's path is not UTF-8");
        let mut connection = SqliteConnection::establish(path).expect("can't open the database");
        diesel::sql_query(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')",
        )
        .execute(&mut connection)
        .expect("the database has no migrations");
    }
}
