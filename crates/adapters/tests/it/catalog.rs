//! What the databases say of their own tables.

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

/// Runs statements that answer nothing.
pub(crate) async fn execute(database: &TestDatabase, sql: &str) {
    match database.url() {
        DatabaseUrl::Sqlite(_) => sqlite(database).batch_execute(sql).unwrap(),
        DatabaseUrl::Postgres(_) => postgres(database).await.batch_execute(sql).await.unwrap(),
    }
}

/// Runs the query of the database's kind. It has to answer one text a row, named `line`.
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

/// As [`lines`], of a file.
pub(crate) fn texts(connection: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let rows = sql_query(sql).load::<Line>(connection).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

pub(crate) fn open(file: &Path) -> SqliteConnection {
    SqliteConnection::establish(&file.to_string_lossy()).unwrap()
}

pub(crate) fn sqlite(database: &TestDatabase) -> SqliteConnection {
    let DatabaseUrl::Sqlite(path) = database.url() else { panic!("it is not SQLite") };
    open(path)
}

async fn postgres(database: &TestDatabase) -> tokio_postgres::Client {
    let config: tokio_postgres::Config = database.url_text().parse().unwrap();
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
