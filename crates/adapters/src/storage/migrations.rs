use std::{collections::BTreeSet, sync::LazyLock};

use diesel::{
    QueryableByName, RunQueryDsl,
    backend::Backend,
    migration::{Migration, MigrationSource},
    result::Error,
    sql_query,
    sql_types::Text,
    sqlite::Sqlite,
};
use diesel_async::{
    AsyncConnection, AsyncMigrationHarness, RunQueryDsl as AsyncRunQueryDsl, SimpleAsyncConnection,
    TransactionManager,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{
    connection::connect::{self, Pg},
    error,
    fitness::{self, Fitness, Problem, Unfit},
    url::{DatabaseUrl, PostgresUrl},
};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// An arbitrary number that other applications are unlikely to lock.
const ADVISORY_LOCK: i64 = 7_261_736_875;

type Transactions = <Pg as AsyncConnection>::TransactionManager;
type Source = Box<dyn std::error::Error + Send + Sync>;

/// Migrates the schema to the state that this version of the server requires.
#[derive(Debug)]
pub struct Migrator<'a>(pub &'a DatabaseUrl);

/// A migration, and whether it has been applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// The version, which identifies and sorts migrations.
    pub version: String,
    /// The version and the title.
    pub name: String,
    /// Whether this version of the server includes it; if not, a newer version applied it.
    pub is_known: bool,
    /// Whether it has been applied.
    pub is_applied: bool,
}

/// Errors returned by the methods of [`Migrator`].
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database is unreachable. A retry may succeed.
    #[error("cannot reach the database {url}")]
    Unreachable {
        /// The database.
        url: String,
        /// The cause.
        source: diesel::ConnectionError,
    },
    /// The database doesn't exist, or rejects the URL's credentials. A retry can't succeed.
    #[error("cannot use the database {url}: check DOORWARD_DATABASE_URL")]
    Refused {
        /// The database.
        url: String,
        /// The cause.
        source: diesel::ConnectionError,
    },
    /// The database is reachable, but a server can't use it.
    #[error("cannot use the database {url}")]
    Unfit {
        /// The database.
        url: String,
        /// The cause, and what to do.
        #[source]
        problem: Unfit,
    },
    /// A newer version of the server has migrated the database.
    #[error(
        "the database was migrated by a newer version of doorward (it has the unknown migration {0}): \
         run that version, or restore a backup taken before the upgrade"
    )]
    TooNew(String),
    /// A migration failed and was rolled back.
    #[error("a migration failed")]
    Failed(#[source] Source),
}

impl MigrationError {
    /// Returns `true` if the problem may resolve without intervention, so that a retry may succeed.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Unfit { problem, .. } => problem.may_pass(),
            Self::Refused { .. } | Self::TooNew(_) | Self::Failed(_) => false,
        }
    }
}

impl Migrator<'_> {
    /// Checks whether a server can use the database, and changes nothing. Tables may be missing.
    ///
    /// # Errors
    /// See [`MigrationError`]. Each says what to do.
    pub async fn check(&self) -> Result<Fitness, MigrationError> {
        fitness::of(self.0).await.map_err(|problem| match problem {
            Problem::Connection(source) => self.unreachable(source),
            Problem::Unfit(problem) => MigrationError::Unfit { url: self.0.to_string(), problem },
        })
    }

    /// Runs pending migrations and returns their versions. Several servers may call this at the same time: a lock
    /// ensures that one migrates while the others wait.
    ///
    /// Call it on a multi-thread runtime.
    ///
    /// # Errors
    /// See [`MigrationError`].
    pub async fn run(&self) -> Result<Vec<String>, MigrationError> {
        match self.0 {
            DatabaseUrl::Postgres(url) => self.postgres(url).await,
            DatabaseUrl::Sqlite(path) => {
                let path = path.to_string_lossy().into_owned();
                let url = self.0.to_string();
                let run = tokio::task::spawn_blocking(move || sqlite(&path, url));
                run.await.map_err(|error| MigrationError::Failed(Box::new(error)))?
            }
        }
    }

    /// Returns all migrations and whether they have been applied, including applied ones that this version doesn't
    /// know. Changes nothing.
    ///
    /// Call it on a multi-thread runtime.
    ///
    /// # Errors
    /// See [`MigrationError`].
    pub async fn status(&self) -> Result<Vec<MigrationStatus>, MigrationError> {
        match self.0 {
            DatabaseUrl::Postgres(url) => {
                let connection = connect::postgres(url, None).await;
                let mut connection = connection.map_err(|source| self.unreachable(source))?;
                let applied = AsyncRunQueryDsl::load(sql_query(APPLIED), &mut connection).await;
                status::<diesel::pg::Pg>(POSTGRES, applied)
            }
            // Opening it would create the file.
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

    async fn postgres(&self, url: &PostgresUrl) -> Result<Vec<String>, MigrationError> {
        let connection = connect::postgres(url, None).await;
        let mut connection = connection.map_err(|source| self.unreachable(source))?;
        // The lock is held by the transaction: behind a pooler, the next transaction may use another connection.
        let lock = format!(
            "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"
        );
        Transactions::begin_transaction(&mut connection).await?;
        connection.batch_execute(&lock).await.map_err(|error| self.explain(url, error.into()))?;
        let mut harness = AsyncMigrationHarness::new(connection);
        let done = run(&mut harness, POSTGRES).map_err(|error| self.explain(url, error))?;
        Transactions::commit_transaction(&mut harness.into_inner()).await?;
        Ok(done)
    }

    /// Adds advice to the error of a failed migration where the cause is known.
    fn explain(&self, url: &PostgresUrl, error: MigrationError) -> MigrationError {
        let MigrationError::Failed(source) = &error else { return error };
        let said = source.to_string();
        let named = self.0.to_string();
        if error::is_passing(&said) {
            let source = diesel::ConnectionError::BadConnection(said);
            return MigrationError::Unreachable { url: named, source };
        }
        let problem = if let Some((_, schema)) = said.split_once("permission denied for schema ") {
            Unfit::of_schema(schema.trim_matches('"'), url)
        } else if said.contains("no schema has been selected") {
            Unfit::of_schema("", url)
        } else if said.contains("must be owner of") || said.contains("permission denied for") {
            Unfit::Privileges {
                on: "the tables".to_owned(),
                advice: format!(
                    "{said}: run doorward db migrate once as the role that owns the tables"
                ),
            }
        } else {
            return error;
        };
        MigrationError::Unfit { url: named, problem }
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
    status::<Sqlite>(SQLITE, RunQueryDsl::load(sql_query(APPLIED), &mut connection))
}

fn of<DB: Backend>(migration: &dyn Migration<DB>, is_applied: bool) -> MigrationStatus {
    let (version, name) = (migration.name().version().to_string(), migration.name().to_string());
    MigrationStatus { version, name, is_known: true, is_applied }
}

/// diesel's migration harness creates the table if it is missing, so it is queried directly.
const APPLIED: &str = "SELECT version FROM __diesel_schema_migrations";

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Returns the version of the latest migration that this version of the server includes.
pub(crate) fn latest() -> &'static str {
    static LATEST: LazyLock<String> = LazyLock::new(|| {
        let known = MigrationSource::<Sqlite>::migrations(&SQLITE).unwrap_or_default();
        let versions = known.iter().map(|migration| migration.name().version().to_string());
        versions.max().unwrap_or_default()
    });
    &LATEST
}

fn status<DB: Backend>(
    migrations: EmbeddedMigrations,
    applied: Result<Vec<Applied>, Error>,
) -> Result<Vec<MigrationStatus>, MigrationError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known = MigrationSource::<DB>::migrations(&migrations).map_err(failed)?;
    let applied = match applied {
        Ok(applied) => applied,
        Err(error) if is_missing_table(&error) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let mut applied: BTreeSet<String> = applied.into_iter().map(|row| row.version).collect();
    let mut found: Vec<_> = known
        .iter()
        .map(|migration| {
            let version = migration.name().version().to_string();
            let is_applied = applied.remove(&version);
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

fn is_missing_table(error: &Error) -> bool {
    let said = error.to_string();
    said.contains("no such table") || said.contains("does not exist")
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
