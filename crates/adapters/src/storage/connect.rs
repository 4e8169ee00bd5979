use std::{fmt, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use diesel::{ConnectionError, ConnectionResult, SqliteConnection};
use diesel_async::{
    AsyncConnection, AsyncPgConnection, SimpleAsyncConnection,
    sync_connection_wrapper::SyncConnectionWrapper,
};
use tokio::time::timeout;
use tokio_postgres::{NoTls, config::SslMode, error::SqlState};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::observe::Observer;
use crate::tls;

pub(super) type Pg = AsyncPgConnection;
pub(super) type Sqlite = SyncConnectionWrapper<SqliteConnection>;

/// How long a statement may take on PostgreSQL before it is cancelled. A request that went away
/// leaves its statement behind, and the next one on its connection waits for that.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection to PostgreSQL may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a server may be silent before its connection is looked at and given up.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(10);

/// What every SQLite connection is set to. First the timeout, since what follows may have to wait;
/// `FULL` makes a commit survive a power cut.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

/// Where the database is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A file, made if it is missing.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Box<tokio_postgres::Config>),
}

/// A text is not the URL of a database that can be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    /// It begins with neither scheme.
    #[error("a database URL begins with sqlite:// or postgres://")]
    UnknownScheme,
    /// It does not say which file.
    #[error("an SQLite URL names a file, as in sqlite:///var/lib/doorward/doorward.db")]
    NoFile,
    /// The part after `postgres://` is wrong.
    #[error("the PostgreSQL URL can't be read")]
    Postgres(#[from] tokio_postgres::Error),
}

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(InvalidDatabaseUrl::NoFile);
            }
            return Ok(Self::Sqlite(path.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(Box::new(text.parse()?)));
        }
        Err(InvalidDatabaseUrl::UnknownScheme)
    }
}

/// Without the password, for logs and messages.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(config) => {
                let hosts = config.get_hosts().iter().map(|host| match host {
                    tokio_postgres::config::Host::Tcp(name) => name.clone(),
                    tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
                });
                let hosts = hosts.collect::<Vec<_>>().join(",");
                write!(f, "postgres://{hosts}/{}", config.get_dbname().unwrap_or_default())
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Connects to PostgreSQL, over TLS where the URL's `sslmode` says so (the default, `prefer`, takes
/// it where the server offers it; certificates are always checked against the system's roots).
pub(super) async fn postgres(
    config: &tokio_postgres::Config,
    observer: Option<Arc<dyn Observer>>,
) -> ConnectionResult<Pg> {
    let mut config = config.clone();
    config.connect_timeout(CONNECT_TIMEOUT);
    config.application_name("doorward");
    // A server that is gone without a word is noticed in seconds, and not in many minutes.
    config.keepalives_idle(SILENCE_TIMEOUT);
    config.tcp_user_timeout(SILENCE_TIMEOUT);
    let mut connection = if config.get_ssl_mode() == SslMode::Disable || is_local(&config) {
        let (client, connection) = in_time(&config, config.connect(NoTls)).await?;
        Pg::try_from_client_and_connection(client, connection).await?
    } else {
        let tls = MakeRustlsConnect::new(
            tls::client_config(tls::system_roots()).map_err(bad_connection)?,
        );
        let (client, connection) = in_time(&config, config.connect(tls)).await?;
        Pg::try_from_client_and_connection(client, connection).await?
    };
    if let Some(observer) = observer {
        connection.set_instrumentation(observer.instrumentation());
    }
    Ok(connection)
}

/// Waits for a connection. The driver's own timeout is for the socket alone, which the kernel of a server takes
/// that does nothing else any more.
async fn in_time<T>(
    config: &tokio_postgres::Config,
    connecting: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> ConnectionResult<T> {
    let hosts = u32::try_from(config.get_hosts().len()).unwrap_or(u32::MAX).max(1);
    let connected = timeout(CONNECT_TIMEOUT.saturating_mul(hosts), connecting).await;
    let silent =
        || ConnectionError::BadConnection("the server takes connections and is silent".into());
    connected.map_err(|_late| silent())?.map_err(refused_or_away)
}

/// As [`postgres`], with the statement timeout of a connection that serves requests.
pub(super) async fn postgres_for_requests(
    config: &tokio_postgres::Config,
    observer: Option<Arc<dyn Observer>>,
) -> ConnectionResult<Pg> {
    let mut config = config.clone();
    let timeout = format!("-c statement_timeout={}", STATEMENT_TIMEOUT.as_millis());
    let options = config.get_options().map_or(timeout.clone(), |own| format!("{timeout} {own}"));
    config.options(options);
    postgres(&config, observer).await
}

fn is_local(config: &tokio_postgres::Config) -> bool {
    let hosts = config.get_hosts();
    !hosts.is_empty()
        && hosts.iter().all(|host| matches!(host, tokio_postgres::config::Host::Unix(_)))
}

/// Tells a URL that is wrong (the role, the password, the database) from a server that is away.
fn refused_or_away(error: tokio_postgres::Error) -> ConnectionError {
    let wrong = [
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
        SqlState::INVALID_PASSWORD,
        SqlState::INVALID_CATALOG_NAME,
    ];
    match error.as_db_error() {
        Some(said) if wrong.contains(said.code()) => {
            ConnectionError::InvalidConnectionUrl(said.message().to_owned())
        }
        Some(_) | None => bad_connection(error),
    }
}

/// Keeps the source's message, which tokio-postgres hides one level down.
fn bad_connection(error: impl std::error::Error) -> ConnectionError {
    let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
    ConnectionError::BadConnection(format!("{error}{source}"))
}

/// Opens the SQLite file, and makes it if it is missing.
pub(super) async fn sqlite(
    path: &str,
    observer: Option<Arc<dyn Observer>>,
) -> ConnectionResult<Sqlite> {
    let mut connection = Sqlite::establish(path).await?;
    connection.batch_execute(PRAGMAS).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    if let Some(observer) = observer {
        connection.set_instrumentation(observer.instrumentation());
    }
    Ok(connection)
}

/// Opens the SQLite file for nobody else: not while another process has it open, and until this is
/// closed no other can open it. It has to be said before anything is read.
pub(super) async fn sqlite_alone(path: &str) -> ConnectionResult<Sqlite> {
    let mut connection = Sqlite::establish(path).await?;
    let pragmas = format!("PRAGMA busy_timeout = 2000; PRAGMA locking_mode = EXCLUSIVE; {PRAGMAS}");
    connection.batch_execute(&pragmas).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// As [`sqlite`], without the runtime: for migrations.
pub(super) fn sqlite_blocking(path: &str) -> ConnectionResult<SqliteConnection> {
    use diesel::{Connection, connection::SimpleConnection};
    let mut connection = SqliteConnection::establish(path)?;
    connection.batch_execute(PRAGMAS).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_shown_without_their_password() {
        let url: DatabaseUrl = "postgres://ann:hunter2@db.example:5433/auth".parse().unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "postgres://db.example/auth postgres://db.example/auth"
        );
    }

    #[test]
    fn sqlite_urls_name_a_file() {
        for text in ["sqlite:///tmp/a.db", "sqlite:/tmp/a.db"] {
            assert_eq!(text.parse::<DatabaseUrl>().unwrap().to_string(), "sqlite:///tmp/a.db");
        }
        assert!(matches!("sqlite://".parse::<DatabaseUrl>(), Err(InvalidDatabaseUrl::NoFile)));
        assert!(matches!(
            "mysql://x".parse::<DatabaseUrl>(),
            Err(InvalidDatabaseUrl::UnknownScheme)
        ));
    }
}
