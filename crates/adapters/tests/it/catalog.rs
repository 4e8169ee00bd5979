//! Queries about the tables of the databases.

use std::path::Path;

use diesel::{
    Connection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection,
    sql_query, sql_types::Text,
};
use doorward_adapters::storage::DatabaseUrl;
use doorward_testing::TestDatabase;
use tokio_postgres::NoTls;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Runs statements that return no rows.
pub(crate) async fn execute(database: &TestDatabase, sql: &str) {
    match database.url() {
        DatabaseUrl::Sqlite(_) => sqlite(database).batch_execute(sql).unwrap(),
        DatabaseUrl::Postgres(_) => postgres(database).await.batch_execute(sql).await.unwrap(),
    }
}

/// Runs the query for the database's backend. Each row must have one text column named `line`.
pub(crate) async fn lines(
    database: &TestDatabase,
    on_sqlite: &str,
    on_postgres: &str,
) -> Vec<String> {
    match database.url() {
        DatabaseUrl::Sqlite(_) => texts(&mut sqlite(database), on_sqlite),
        DatabaseUrl::Postgres(_) => {
            let rows = postgres(database).await.query(on_postgres, &[]).await.unwrap();
            rows.iter().map(|row| row.get("line")).collect()
        }
    }
}

/// Like [`lines`], for a file.
pub(crate) fn texts(connection: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let rows = sql_query(sql).load::<Line>(connection).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

pub(crate) fn open(file: &Path) -> SqliteConnection {
    SqliteConnection::establish(&file.to_string_lossy()).unwrap()
}

pub(crate) fn sqlite(database: &TestDatabase) -> SqliteConnection {
    let DatabaseUrl::Sqlite(path) = database.url() else { panic!("not SQLite") };
    open(path)
}

async fn postgres(database: &TestDatabase) -> tokio_postgres::Client {
    let config: tokio_postgres::Config = database.url_text().parse().unwrap();
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
