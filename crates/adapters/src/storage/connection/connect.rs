use std::{sync::Arc, time::Duration};

mod failure;
mod strangers;
mod tls;

use diesel::{ConnectionError, ConnectionResult, SqliteConnection};
use diesel_async::{
    AsyncConnection, AsyncPgConnection, SimpleAsyncConnection,
    sync_connection_wrapper::SyncConnectionWrapper,
};
use tokio::time::timeout;
use tokio_postgres::{
    Client, Connection, NoTls, Socket,
    config::{ChannelBinding, SslMode},
    tls::TlsStream,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use self::failure::{Failure, Kind};
use crate::storage::{
    sql::observe::QueryObserver,
    url::{Check, Endpoint, PostgresUrl, Protection},
};

pub(crate) type Pg = AsyncPgConnection;
pub(crate) type Sqlite = SyncConnectionWrapper<SqliteConnection>;

/// The time after which PostgreSQL cancels a statement. When a client disconnects, its statement keeps running,
/// and the next statement on the connection waits for it.
const STATEMENT_TIMEOUT: &str = "SET statement_timeout = '5s'";

/// The settings of every SQLite connection. The timeout comes first, because the others may have to wait for a
/// lock. With `FULL`, a commit survives a power failure.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

/// Connects to PostgreSQL: to the first of its servers that accepts the connection.
pub(crate) async fn postgres(
    url: &PostgresUrl,
    observer: Option<Arc<dyn QueryObserver>>,
) -> ConnectionResult<Pg> {
    wrapped(url, observer, Wrapped { for_requests: false }).await
}

/// Like [`postgres`], with the statement timeout of connections that serve requests.
pub(crate) async fn postgres_for_requests(
    url: &PostgresUrl,
    observer: Option<Arc<dyn QueryObserver>>,
) -> ConnectionResult<Pg> {
    wrapped(url, observer, Wrapped { for_requests: true }).await
}

async fn wrapped(
    url: &PostgresUrl,
    observer: Option<Arc<dyn QueryObserver>>,
    finish: Wrapped,
) -> ConnectionResult<Pg> {
    let mut connection = first(url, finish).await?;
    if let Some(observer) = observer {
        connection.set_instrumentation(observer.instrumentation());
    }
    Ok(connection)
}

/// Like [`postgres`], but returns a client that prepares no statements.
pub(crate) async fn postgres_plain(url: &PostgresUrl) -> ConnectionResult<Client> {
    Ok(first(url, Plain).await?)
}

/// Turns a connection of the driver into the type that the caller needs.
trait Finish: Copy {
    type Output;

    async fn finish<S: TlsStream + Unpin + Send + 'static>(
        self,
        client: Client,
        connection: Connection<Socket, S>,
    ) -> Result<Self::Output, Failure>;
}

#[derive(Clone, Copy)]
struct Wrapped {
    for_requests: bool,
}

impl Finish for Wrapped {
    type Output = Pg;

    async fn finish<S: TlsStream + Unpin + Send + 'static>(
        self,
        client: Client,
        connection: Connection<Socket, S>,
    ) -> Result<Pg, Failure> {
        let wrapped = Pg::try_from_client_and_connection(client, connection).await;
        let mut wrapped = wrapped.map_err(|error| Failure::outage(error.to_string()))?;
        if self.for_requests {
            // Set by a statement, since a pooler may not support it as a startup parameter.
            let set = wrapped.batch_execute(STATEMENT_TIMEOUT).await;
            set.map_err(|error| Failure::outage(error.to_string()))?;
        }
        Ok(wrapped)
    }
}

#[derive(Clone, Copy)]
struct Plain;

impl Finish for Plain {
    type Output = Client;

    async fn finish<S: TlsStream + Unpin + Send + 'static>(
        self,
        client: Client,
        connection: Connection<Socket, S>,
    ) -> Result<Client, Failure> {
        tokio::spawn(connection);
        Ok(client)
    }
}

async fn first<F: Finish>(url: &PostgresUrl, finish: F) -> Result<F::Output, Failure> {
    let mut failures = Vec::new();
    for endpoint in &url.endpoints {
        match protected(url, endpoint, finish).await {
            Ok(connection) => return Ok(connection),
            Err(failure) => failures.push(failure),
        }
    }
    // A configuration mistake is reported first, even if other failures are temporary.
    let mistake = failures.iter().position(|failure| !failure.kind.may_pass());
    let told = mistake.unwrap_or(failures.len().saturating_sub(1));
    Err(failures.into_iter().nth(told).unwrap_or_else(|| Failure::mistake("the URL names no host")))
}

/// Connects with the protection that the URL specifies.
async fn protected<F: Finish>(
    url: &PostgresUrl,
    endpoint: &Endpoint,
    finish: F,
) -> Result<F::Output, Failure> {
    let attempt = |channel| attempt(url, endpoint, channel, finish);
    match url.protection(endpoint) {
        Protection::Clear => attempt(Channel::Clear).await,
        Protection::Tls(check) => attempt(Channel::Tls(check)).await,
        Protection::ClearFirst(check) => match attempt(Channel::Clear).await {
            Err(failure) if failure.kind == Kind::NotAllowed => attempt(Channel::Tls(check)).await,
            outcome => outcome,
        },
        Protection::TlsFirst(check) => match attempt(Channel::TlsIfOffered(check)).await {
            Err(failure) if matches!(failure.kind, Kind::NoTls | Kind::NotAllowed) => {
                let told = |second: Failure| match second.kind {
                    Kind::NotAllowed => failure,
                    _ => second,
                };
                attempt(Channel::Clear).await.map_err(told)
            }
            outcome => outcome,
        },
        Protection::TlsTrustedOrBound => {
            match attempt(Channel::Tls(Check::AuthorityAndHost)).await {
                Err(failure) if failure.kind == Kind::Certificate => {
                    attempt(Channel::BoundTls).await.map_err(|second| match second.kind {
                        Kind::NotBound => Failure::unproven(&failure),
                        _ => second,
                    })
                }
                outcome => outcome,
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Channel {
    Clear,
    TlsIfOffered(Check),
    Tls(Check),
    /// TLS with any certificate, where authentication must be bound to the TLS channel (SCRAM-SHA-256-PLUS, RFC
    /// 5802).
    BoundTls,
}

async fn attempt<F: Finish>(
    url: &PostgresUrl,
    endpoint: &Endpoint,
    channel: Channel,
    finish: F,
) -> Result<F::Output, Failure> {
    let mut config = url.settings_for(endpoint);
    // The driver's own timeout covers only the TCP connection, which the kernel of a hung server still accepts,
    // and applies to each address of a host.
    let limit = config.get_connect_timeout().copied().unwrap_or(Duration::MAX).saturating_mul(2);
    let connecting = async {
        let check = match channel {
            Channel::Clear => {
                config.ssl_mode(SslMode::Disable);
                let (client, connection) =
                    config.connect(NoTls).await.map_err(|error| Failure::of(&error, url))?;
                return finish.finish(client, connection).await;
            }
            Channel::TlsIfOffered(check) => {
                config.ssl_mode(SslMode::Prefer);
                check
            }
            Channel::Tls(check) => {
                config.ssl_mode(SslMode::Require);
                check
            }
            Channel::BoundTls => {
                config.ssl_mode(SslMode::Require).channel_binding(ChannelBinding::Require);
                Check::Nothing
            }
        };
        let tls = MakeRustlsConnect::new(tls::client_config(&url.security, check)?);
        let (client, connection) =
            config.connect(tls).await.map_err(|error| Failure::of(&error, url))?;
        finish.finish(client, connection).await
    };
    let silent = || Failure::outage("the server accepts connections but does not respond").odd();
    let outcome = timeout(limit, connecting).await.unwrap_or_else(|_late| Err(silent()));
    match outcome {
        Err(failure) if failure.is_odd => {
            let is_direct = url.security.direct && failure.kind == Kind::TlsLost;
            Err(strangers::explain(failure, endpoint, is_direct).await)
        }
        outcome => outcome,
    }
}

/// Opens the SQLite file, and creates it if it is missing.
pub(crate) async fn sqlite(
    path: &str,
    observer: Option<Arc<dyn QueryObserver>>,
) -> ConnectionResult<Sqlite> {
    let mut connection = Sqlite::establish(path).await?;
    connection.batch_execute(PRAGMAS).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    if let Some(observer) = observer {
        connection.set_instrumentation(observer.instrumentation());
    }
    Ok(connection)
}

/// Opens the SQLite file for exclusive use. Fails if another process has it open; other processes can't open it
/// until the connection is closed. The locking mode must be set before the first read.
pub(crate) async fn sqlite_alone(path: &str) -> ConnectionResult<Sqlite> {
    let mut connection = Sqlite::establish(path).await?;
    let pragmas = format!("PRAGMA busy_timeout = 2000; PRAGMA locking_mode = EXCLUSIVE; {PRAGMAS}");
    connection.batch_execute(&pragmas).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// Like [`sqlite`], but blocking: for migrations.
pub(crate) fn sqlite_blocking(path: &str) -> ConnectionResult<SqliteConnection> {
    use diesel::{Connection, connection::SimpleConnection};
    let mut connection = SqliteConnection::establish(path)?;
    connection.batch_execute(PRAGMAS).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}
