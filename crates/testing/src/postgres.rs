//! Databases on the PostgreSQL server named by the environment.

use std::thread;

use doorward_adapters::system::SystemRandomness;
use doorward_domain::ports::Randomness;
use tokio::runtime;
use tokio_postgres::{Config, NoTls, config::Host};

use crate::Relay;

/// The environment variable with the URL of any database on the server for tests. Its role has to be allowed
/// to create databases.
pub const DATABASE_URL_VARIABLE: &str = "DOORWARD_TEST_DATABASE_URL";

#[expect(clippy::disallowed_methods, reason = "the tests' only setting")]
fn server_url() -> String {
    std::env::var(DATABASE_URL_VARIABLE).unwrap_or_else(|_| {
        panic!(
            "{DATABASE_URL_VARIABLE} is not set: run scripts/test.sh, which starts a PostgreSQL \
             server for the tests and names it there"
        )
    })
}

/// A database for one test.
#[derive(Debug)]
pub(crate) struct PostgresDatabase {
    server: String,
    name: String,
}

impl PostgresDatabase {
    pub(crate) async fn create() -> Self {
        Self::create_with("").await
    }

    /// Creates a database with options for `CREATE DATABASE`.
    pub(crate) async fn create_with(options: &str) -> Self {
        let mut random = [0; 8];
        SystemRandomness.fill(&mut random);
        let name = format!("doorward_test_{:016x}", u64::from_be_bytes(random));
        let database = Self { server: server_url(), name };
        let sql = format!("CREATE DATABASE {} {options}", database.name);
        execute(&database.server, &sql).await.expect("the test's database can't be created");
        database
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Executes a statement about this database, connected to another one.
    pub(crate) async fn execute(&self, sql: &str) {
        execute(&self.server, sql).await.expect("the server rejects a statement");
    }

    /// Executes a statement in this database.
    pub(crate) async fn execute_in_database(&self, sql: &str) {
        execute(&self.url(), sql).await.expect("the database rejects a statement");
    }

    /// Returns the rows of a query for one column of text.
    pub(crate) async fn ask(&self, sql: &str) -> Vec<String> {
        let config: Config = self.url().parse().expect("the URL of the test's database is invalid");
        let (client, connection) = config.connect(NoTls).await.expect("can't reach the database");
        let connection = tokio::spawn(connection);
        let rows = client.query(sql, &[]).await.expect("the database can't be read");
        drop(client);
        // Completes when the client is dropped.
        let _ = connection.await;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Starts a relay in front of it.
    pub(crate) async fn behind_relay(&self) -> Relay {
        let config: Config = self.url().parse().expect("the URL of the test's database is invalid");
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let Some(Host::Unix(folder)) = config.get_hosts().first() else {
            panic!("{DATABASE_URL_VARIABLE} has to name a Unix socket for this test");
        };
        let user = config.get_user().unwrap_or_default();
        let url = |address| format!("postgres://{user}@{address}/{}?sslmode=disable", self.name);
        Relay::to_socket(folder.join(format!(".s.PGSQL.{port}")), url).await
    }

    pub(crate) fn url(&self) -> String {
        on_database(&self.server, &self.name)
    }

    /// Returns the URL for another role, which the server trusts.
    pub(crate) fn url_as(&self, role: &str) -> String {
        let url = self.url();
        let separator = if url.contains('?') { '&' } else { '?' };
        format!("{url}{separator}user={role}")
    }
}

/// Returns the URL of another database on the same server.
fn on_database(url: &str, name: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a PostgreSQL URL has a scheme");
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, format!("?{query}")),
        None => (rest, String::new()),
    };
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    format!("{scheme}://{authority}/{name}{query}")
}

async fn execute(url: &str, sql: &str) -> Result<(), tokio_postgres::Error> {
    let config: Config = url.parse()?;
    let (client, connection) = config.connect(NoTls).await?;
    let connection = tokio::spawn(connection);
    let done = client.batch_execute(sql).await;
    drop(client);
    // Completes when the client is dropped.
    let _ = connection.await;
    done
}

impl Drop for PostgresDatabase {
    /// Uses a separate thread and runtime: a test's runtime must not be blocked, and may be shutting down.
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let role = format!("DROP ROLE IF EXISTS {}", self.name);
        let server = &self.server;
        let dropped = thread::scope(|scope| {
            let drop_database = || {
                let runtime = runtime::Builder::new_current_thread().enable_all().build();
                let drop_both = async {
                    execute(server, &sql).await.is_ok() && execute(server, &role).await.is_ok()
                };
                runtime.map(|runtime| runtime.block_on(drop_both))
            };
            matches!(scope.spawn(drop_database).join(), Ok(Ok(true)))
        });
        // A test that already fails must not be aborted by a second panic.
        assert!(dropped || thread::panicking(), "the database {} can't be dropped", self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_name_is_replaced_in_any_url() {
        for (url, expected) in [
            ("postgres://ann:pw@db.example:5433/auth", "postgres://ann:pw@db.example:5433/x"),
            ("postgres://db.example", "postgres://db.example/x"),
            ("postgresql://db.example/", "postgresql://db.example/x"),
            ("postgres://a@/auth?host=%2Frun%2Fpg", "postgres://a@/x?host=%2Frun%2Fpg"),
            ("postgres://a@db?sslmode=disable", "postgres://a@db/x?sslmode=disable"),
        ] {
            assert_eq!(on_database(url, "x"), expected);
            assert!(on_database(url, "x").parse::<Config>().is_ok());
        }
    }
}
