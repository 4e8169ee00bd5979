use diesel::{
    backend::Backend,
    connection::SimpleConnection,
    migration::{Migration, MigrationSource},
    sqlite::Sqlite,
};
use diesel_async::{AsyncMigrationHarness, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connect::{self, DatabaseUrl};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Any number that nobody else is likely to lock.
const ADVISORY_LOCK: i64 = 7_261_736_875;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Brings the schema up to what this version of the server works with.
#[derive(Debug)]
pub struct Migrator<'a>(pub &'a DatabaseUrl);

/// A migration, and whether it has been run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// What migrations are told apart and sorted by.
    pub version: String,
    /// The version and what it is about.
    pub name: String,
    /// Whether this version of the server has it: else a newer one has been here.
    pub is_known: bool,
    /// Whether it has been run.
    pub is_applied: bool,
}

/// The schema could not be brought up.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database is away. Trying again later may help.
    #[error("the database {url} can't be reached")]
    Unreachable {
        /// Which one.
        url: String,
        /// Why.
        source: diesel::ConnectionError,
    },
    /// The database is not there, or lets nobody in by this URL. Trying again does not help.
    #[error("the database {url} can't be used: check DOORWARD_DATABASE_URL")]
    Refused {
        /// Which one.
        url: String,
        /// Why.
        source: diesel::ConnectionError,
    },
    /// A newer version of the server has been here.
    #[error(
        "the database was migrated by a newer version of doorward (it has migration {0}, which \
         this version does not know): run that version, or restore a backup from before"
    )]
    TooNew(String),
    /// A migration failed. Nothing of it is left.
    #[error("a migration failed")]
    Failed(#[source] Source),
}

impl Migrator<'_> {
    /// Runs the migrations that are missing, and says which. Many servers may start at the same
    /// time: one migrates, behind a lock, and the others wait.
    ///
    /// Call it on a multi-thread runtime.
    ///
    /// # Errors
    /// See [`MigrationError`].
    pub async fn run(&self) -> Result<Vec<String>, MigrationError> {
        match self.0 {
            DatabaseUrl::Postgres(config) => self.postgres(config).await,
            DatabaseUrl::Sqlite(path) => {
                let path = path.to_string_lossy().into_owned();
                let url = self.0.to_string();
                let run = tokio::task::spawn_blocking(move || sqlite(&path, url));
                run.await.map_err(|error| MigrationError::Failed(Box::new(error)))?
            }
        }
    }

    /// The migrations that there are, those that this version does not know among them, and which have been run.
    /// Nothing is changed.
    ///
    /// Call it on a multi-thread runtime.
    ///
    /// # Errors
    /// See [`MigrationError`].
    pub async fn status(&self) -> Result<Vec<MigrationStatus>, MigrationError> {
        match self.0 {
            DatabaseUrl::Postgres(config) => {
                let connection = connect::postgres(config, None).await;
                let mut connection = connection.map_err(|source| self.unreachable(source))?;
                // Whoever asks which were run makes the table of them where there is none.
                connection.batch_execute("BEGIN").await.map_err(failed)?;
                status(&mut AsyncMigrationHarness::new(connection), POSTGRES)
            }
            // Asking would make it.
            DatabaseUrl::Sqlite(path) if !path.exists() => {
                let known = MigrationSource::<Sqlite>::migrations(&SQLITE).map_err(failed)?;
                Ok(known.iter().map(|migration| of(&**migration, false)).collect())
            }
            DatabaseUrl::Sqlite(path) => {
                let path = path.to_string_lossy().into_owned();
                let url = self.0.to_string();
                let run = tokio::task::spawn_blocking(move || sqlite_status(&path, url));
                run.await.map_err(|error| MigrationError::Failed(Box::new(error)))?
            }
        }
    }

    async fn postgres(
        &self,
        config: &tokio_postgres::Config,
    ) -> Result<Vec<String>, MigrationError> {
        // A connection of its own, directly: the lock belongs to it, and goes with it.
        let connection = connect::postgres(config, None).await;
        let mut connection = connection.map_err(|source| self.unreachable(source))?;
        let lock = format!("SELECT pg_advisory_lock({ADVISORY_LOCK})");
        connection.batch_execute(&lock).await.map_err(failed)?;
        let mut harness = AsyncMigrationHarness::new(connection);
        let done = run(&mut harness, POSTGRES)?;
        let unlock = format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})");
        harness.into_inner().batch_execute(&unlock).await.map_err(failed)?;
        Ok(done)
    }

    fn unreachable(&self, source: diesel::ConnectionError) -> MigrationError {
        let url = self.0.to_string();
        match source {
            diesel::ConnectionError::InvalidConnectionUrl(_) => {
                MigrationError::Refused { url, source }
            }
            source => MigrationError::Unreachable { url, source },
        }
    }
}

fn sqlite(path: &str, url: String) -> Result<Vec<String>, MigrationError> {
    let mut connection =
        connect::sqlite_blocking(path).map_err(|source| MigrationError::Refused { url, source })?;
    connection.exclusive_transaction(|connection| run(connection, SQLITE))
}

fn sqlite_status(path: &str, url: String) -> Result<Vec<MigrationStatus>, MigrationError> {
    let mut connection =
        connect::sqlite_blocking(path).map_err(|source| MigrationError::Refused { url, source })?;
    connection.batch_execute("BEGIN")?;
    let found = status(&mut connection, SQLITE);
    connection.batch_execute("ROLLBACK")?;
    found
}

fn of<DB: Backend>(migration: &dyn Migration<DB>, is_applied: bool) -> MigrationStatus {
    let (version, name) = (migration.name().version().to_string(), migration.name().to_string());
    MigrationStatus { version, name, is_known: true, is_applied }
}

fn status<DB: Backend>(
    harness: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<Vec<MigrationStatus>, MigrationError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known = MigrationSource::<DB>::migrations(&migrations).map_err(failed)?;
    let applied = harness.applied_migrations().map_err(failed)?;
    let mut applied: Vec<String> = applied.iter().map(ToString::to_string).collect();
    let mut found: Vec<_> = known
        .iter()
        .map(|migration| {
            let version = migration.name().version().to_string();
            let is_applied = applied.contains(&version);
            applied.retain(|applied| *applied != version);
            of(&**migration, is_applied)
        })
        .collect();
    found.extend(applied.into_iter().map(|version| MigrationStatus {
        name: version.clone(),
        version,
        is_known: false,
        is_applied: true,
    }));
    found.sort_by(|a, b| a.version.cmp(&b.version));
    Ok(found)
}

impl From<diesel::result::Error> for MigrationError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

fn failed(error: impl Into<Source>) -> MigrationError {
    MigrationError::Failed(error.into())
}

fn run<DB: Backend>(
    harness: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>, MigrationError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known = MigrationSource::<DB>::migrations(&migrations).map_err(failed)?;
    let known: Vec<String> = known.iter().map(|m| m.name().version().to_string()).collect();
    let applied = harness.applied_migrations().map_err(failed)?;
    if let Some(unknown) = applied.iter().find(|version| !known.contains(&version.to_string())) {
        return Err(MigrationError::TooNew(unknown.to_string()));
    }
    let done = harness.run_pending_migrations(migrations).map_err(failed)?;
    Ok(done.iter().map(ToString::to_string).collect())
}
