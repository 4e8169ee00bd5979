use std::{ops::Deref, time::Duration};

use doorward_adapters::storage::{DatabaseUrl, Migrator, PoolOptions, SqlStorage};
use tempfile::TempDir;

use crate::postgres::PostgresDatabase;

/// Connections of a test's pool: fewer than the calls that it makes at once, so that some wait, and
/// few enough for many tests on one server.
const POOL_SIZE: u32 = 8;

/// How long a test waits for a connection: longer than any machine is busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A database of one test, which is gone when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    text: String,
    url: DatabaseUrl,
    place: Place,
}

#[derive(Debug)]
#[expect(dead_code, reason = "they are held to be dropped")]
enum Place {
    Folder(TempDir),
    Server(PostgresDatabase),
}

impl TestDatabase {
    /// A file in a folder of its own, migrated.
    ///
    /// Call it on a multi-thread runtime, as storage has to be.
    ///
    /// # Panics
    /// It can't be made.
    pub async fn sqlite() -> Self {
        Self::empty_sqlite().migrated().await
    }

    /// A database on the server that [`DATABASE_URL_VARIABLE`](crate::DATABASE_URL_VARIABLE) names,
    /// migrated. As there, on a multi-thread runtime.
    ///
    /// # Panics
    /// The variable is not set, or the server does not do as it is told.
    pub async fn postgres() -> Self {
        Self::empty_postgres().await.migrated().await
    }

    /// As [`TestDatabase::sqlite`], without tables: the file is not even there.
    ///
    /// # Panics
    /// The folder can't be made.
    pub fn empty_sqlite() -> Self {
        let folder = TempDir::with_prefix("doorward-test-").expect("there is no room for a test");
        let text = format!("sqlite://{}", folder.path().join("doorward.db").display());
        Self::at(text, Place::Folder(folder))
    }

    /// As [`TestDatabase::postgres`], without tables.
    ///
    /// # Panics
    /// As there.
    pub async fn empty_postgres() -> Self {
        let database = PostgresDatabase::create().await;
        Self::at(database.url(), Place::Server(database))
    }

    /// As [`TestDatabase::empty_postgres`], with another encoding than UTF-8.
    ///
    /// # Panics
    /// As there.
    pub async fn empty_postgres_with_encoding(encoding: &str) -> Self {
        let options = format!("ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0");
        let database = PostgresDatabase::create_with(&options).await;
        Self::at(database.url(), Place::Server(database))
    }

    fn at(text: String, place: Place) -> Self {
        let url = text.parse().expect("the test's database has a URL that can't be read");
        Self { text, url, place }
    }

    async fn migrated(self) -> Self {
        Migrator(&self.url).run().await.expect("the test's database can't be migrated");
        self
    }

    /// The server that it is on.
    pub(crate) fn server(&self) -> Option<&PostgresDatabase> {
        match &self.place {
            Place::Folder(_) => None,
            Place::Server(database) => Some(database),
        }
    }

    /// Where it is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Where it is, as a server's configuration has it.
    pub fn url_text(&self) -> &str {
        &self.text
    }

    /// Opens a pool of a test's size.
    pub fn open(&self) -> SqlStorage {
        self.open_with(PoolOptions::default())
    }

    /// Opens a pool, of a test's size and patience if the options name none.
    pub fn open_with(&self, options: PoolOptions) -> SqlStorage {
        let size = Some(options.size.unwrap_or(POOL_SIZE));
        let wait = Some(options.wait.unwrap_or(PATIENCE));
        SqlStorage::open(&self.url, &PoolOptions { size, wait, ..options })
    }

    /// Opens a pool that keeps its database with it.
    pub fn into_storage(self) -> TestStorage {
        TestStorage { storage: self.open(), database: self }
    }
}

/// Storage on a [`TestDatabase`]. Dereferences to it.
#[derive(Debug)]
pub struct TestStorage {
    // Before the database, so that the connections go first.
    storage: SqlStorage,
    database: TestDatabase,
}

impl TestStorage {
    /// What it is kept in.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }
}

impl Deref for TestStorage {
    type Target = SqlStorage;

    fn deref(&self) -> &SqlStorage {
        &self.storage
    }
}
