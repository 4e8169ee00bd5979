use std::{fs, ops::Deref, path::Path, time::Duration};

use doorward_adapters::storage::{DatabaseUrl, Migrator, PoolOptions, SqlStorage};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::postgres::PostgresDatabase;

/// The number of connections in a test's pool: fewer than the concurrent calls of a test, so that some wait,
/// and few enough to run many tests on one server.
const POOL_SIZE: u32 = 8;

/// How long a test waits for a connection: longer than any machine is busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The file of a migrated SQLite database. The tests of a process copy it, because migrations take much longer.
static SQLITE_TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();

/// A database for one test, deleted when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    text: String,
    url: DatabaseUrl,
    place: Place,
}

#[derive(Debug)]
#[expect(dead_code, reason = "they are kept to be dropped")]
enum Place {
    Folder(TempDir),
    Server(PostgresDatabase),
}

impl TestDatabase {
    /// Creates an SQLite database in a separate folder and runs the migrations.
    ///
    /// Call it on a multi-thread runtime, which the storage requires.
    ///
    /// # Panics
    /// Panics if the database can't be created.
    pub async fn sqlite() -> Self {
        let template = SQLITE_TEMPLATE.get_or_init(|| async {
            let database = Self::empty_sqlite().migrated().await;
            fs::read(database.file()).expect("the migrated database can't be read")
        });
        let template = template.await;
        let database = Self::empty_sqlite();
        fs::write(database.file(), template).expect("the test's database can't be written");
        database
    }

    /// Creates a database on the server in [`DATABASE_URL_VARIABLE`](crate::DATABASE_URL_VARIABLE) and runs
    /// the migrations. Call it on a multi-thread runtime, like [`TestDatabase::sqlite`].
    ///
    /// # Panics
    /// Panics if the variable isn't set, or if the server rejects a statement.
    pub async fn postgres() -> Self {
        Self::empty_postgres().await.migrated().await
    }

    /// Returns an SQLite database without tables. The file doesn't exist yet.
    ///
    /// # Panics
    /// Panics if the folder can't be created.
    pub fn empty_sqlite() -> Self {
        let folder = TempDir::with_prefix("doorward-test-").expect("the folder can't be created");
        let text = format!("sqlite://{}", folder.path().join("doorward.db").display());
        Self::at(text, Place::Folder(folder))
    }

    /// Creates a database like [`TestDatabase::postgres`], without tables.
    ///
    /// # Panics
    /// Panics like [`TestDatabase::postgres`].
    pub async fn empty_postgres() -> Self {
        Self::at_server(PostgresDatabase::create().await)
    }

    /// Creates a database like [`TestDatabase::empty_postgres`], with an encoding other than UTF-8.
    ///
    /// # Panics
    /// Panics like [`TestDatabase::postgres`].
    pub async fn empty_postgres_with_encoding(encoding: &str) -> Self {
        let options = format!("ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0");
        Self::at_server(PostgresDatabase::create_with(&options).await)
    }

    fn at_server(database: PostgresDatabase) -> Self {
        Self::at(database.url(), Place::Server(database))
    }

    /// Returns the file of an SQLite database.
    fn file(&self) -> &Path {
        let DatabaseUrl::Sqlite(path) = &self.url else { panic!("this is not SQLite") };
        path
    }

    fn at(text: String, place: Place) -> Self {
        let url = text.parse().expect("the test's database has an invalid URL");
        Self { text, url, place }
    }

    async fn migrated(self) -> Self {
        Migrator(&self.url).run().await.expect("the test's database can't be migrated");
        self
    }

    /// Returns the database on its PostgreSQL server; `None` for SQLite.
    pub(crate) fn server(&self) -> Option<&PostgresDatabase> {
        match &self.place {
            Place::Folder(_) => None,
            Place::Server(database) => Some(database),
        }
    }

    /// Returns its URL.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Returns its URL as in the configuration of a server.
    pub fn url_text(&self) -> &str {
        &self.text
    }

    /// Opens a connection pool with the size for tests.
    pub fn open(&self) -> SqlStorage {
        self.open_with(PoolOptions::default())
    }

    /// Opens a connection pool. Options that are not set have the values for tests.
    pub fn open_with(&self, options: PoolOptions) -> SqlStorage {
        let size = Some(options.size.unwrap_or(POOL_SIZE));
        let wait = Some(options.wait.unwrap_or(PATIENCE));
        SqlStorage::open(&self.url, &PoolOptions { size, wait, ..options })
    }

    /// Opens a connection pool that keeps the database until it is dropped.
    pub fn into_storage(self) -> TestStorage {
        TestStorage { storage: self.open(), database: self }
    }
}

/// A storage on a [`TestDatabase`]. Dereferences to the storage.
#[derive(Debug)]
pub struct TestStorage {
    // Before the database, so that the connections are closed first.
    storage: SqlStorage,
    database: TestDatabase,
}

impl TestStorage {
    /// Returns its database.
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
