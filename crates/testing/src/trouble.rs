//! What can go wrong with a database, on purpose.

use std::path::Path;

use diesel::{Connection, RunQueryDsl, SqliteConnection};
use doorward_adapters::storage::DatabaseUrl;

use crate::{Relay, TestDatabase};

impl TestDatabase {
    /// Lets a PostgreSQL server refuse connections to this database, or take them again; those that
    /// there are, are cut.
    ///
    /// # Panics
    /// The database is not on a server.
    pub async fn allow_connections(&self, allow: bool) {
        let database = self.server().expect("an SQLite file has no connections to refuse");
        let name = database.name();
        database.tell(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allow}")).await;
        if !allow {
            let of_ours = format!("pg_stat_activity WHERE datname = '{name}'");
            database.tell(&format!("SELECT pg_terminate_backend(pid, 5000) FROM {of_ours}")).await;
        }
    }

    /// Sets a parameter for all new connections to a PostgreSQL database, and cuts those that there are.
    ///
    /// # Panics
    /// The database is not on a server.
    pub async fn set(&self, parameter: &str, value: &str) {
        self.set_default(parameter, value).await;
        let database = self.server().expect("an SQLite file has no parameters");
        let name = database.name();
        let of_ours = format!("pg_stat_activity WHERE datname = '{name}'");
        database.tell(&format!("SELECT pg_terminate_backend(pid, 5000) FROM {of_ours}")).await;
    }

    /// Sets a parameter for all new connections to a PostgreSQL database. Those that there are keep what they began with.
    ///
    /// # Panics
    /// The database is not on a server.
    pub async fn set_default(&self, parameter: &str, value: &str) {
        let database = self.server().expect("an SQLite file has no parameters");
        let name = database.name();
        database.tell(&format!("ALTER DATABASE {name} SET {parameter} = {value}")).await;
    }

    /// Creates a role that owns nothing, and returns where it finds this database.
    ///
    /// # Panics
    /// The database is not on a server.
    pub async fn create_role(&self) -> DatabaseUrl {
        let database = self.server().expect("an SQLite file has no roles");
        database.tell(&format!("CREATE ROLE {} LOGIN", database.name())).await;
        database.url_as(database.name()).parse().expect("a role is named in the URL")
    }

    /// Lets only the owner create tables, as PostgreSQL 15 and newer do.
    ///
    /// # Panics
    /// The database is not on a server.
    pub async fn revoke_schema(&self) {
        let database = self.server().expect("an SQLite file has no schema");
        database.tell_inside("REVOKE CREATE ON SCHEMA public FROM PUBLIC").await;
    }

    /// A relay in front of a PostgreSQL server, which can be told to fail.
    ///
    /// # Panics
    /// The database is not on a server, or not behind a unix socket.
    pub async fn behind_relay(&self) -> Relay {
        self.server().expect("nothing stands before an SQLite file").behind_relay().await
    }

    /// Renames a table, so that whatever needs it fails.
    ///
    /// # Panics
    /// There is no such table.
    pub async fn rename_table(&self, from: &str, to: &str) {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        if let Some(database) = self.server() {
            database.tell_inside(&sql).await;
            return;
        }
        let path = self.url_text().trim_start_matches("sqlite://");
        let mut connection = SqliteConnection::establish(path).expect("there is no database");
        diesel::sql_query(sql).execute(&mut connection).expect("there is no such table");
    }

    /// Leaves the mark of a migration that no version knows in an SQLite file.
    ///
    /// # Panics
    /// There is no such database.
    pub fn mark_as_newer(path: &Path) {
        let path = path.to_str().expect("a test's path is text");
        let mut connection = SqliteConnection::establish(path).expect("there is no database");
        diesel::sql_query(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')",
        )
        .execute(&mut connection)
        .expect("the database was not migrated");
    }
}
