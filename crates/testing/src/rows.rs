//! The contents of a database, for comparisons and searches.

use std::collections::BTreeMap;

use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_types::Text};

use crate::TestDatabase;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl TestDatabase {
    /// Returns the rows of each table as text, in an order that depends only on the rows.
    ///
    /// # Panics
    /// Panics if the database can't be read.
    pub async fn rows(&self) -> BTreeMap<String, Vec<String>> {
        let Some(database) = self.server() else { return self.rows_of_file() };
        let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
        let mut rows = BTreeMap::new();
        for table in database.ask(tables).await {
            let sql = format!("SELECT t::text FROM \"{table}\" AS t ORDER BY 1");
            let lines = database.ask(&sql).await;
            rows.insert(table, lines);
        }
        rows
    }

    fn rows_of_file(&self) -> BTreeMap<String, Vec<String>> {
        let path = self.url_text().trim_start_matches("sqlite://");
        let mut connection = SqliteConnection::establish(path).expect("can't open the database");
        let mut ask = |sql: &str| -> Vec<String> {
            let lines: Vec<Line> =
                diesel::sql_query(sql).load(&mut connection).expect("the database can't be read");
            lines.into_iter().map(|it| it.line).collect()
        };
        let tables = ask("SELECT name AS line FROM sqlite_master WHERE type = 'table'");
        let mut rows = BTreeMap::new();
        for table in tables {
            let columns = ask(&format!(
                "SELECT 'quote(\"' || name || '\")' AS line FROM pragma_table_info('{table}')"
            ));
            let columns = columns.join(" || ',' || ");
            rows.insert(
                table.clone(),
                ask(&format!("SELECT {columns} AS line FROM \"{table}\" ORDER BY 1")),
            );
        }
        rows
    }
}
