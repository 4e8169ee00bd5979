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
use super::{
    observe::Observer,
    url::{Check, Endpoint, PostgresUrl, Protection},
};

pub(super) type Pg = AsyncPgConnection;
pub(super) type Sqlite = SyncConnectionWrapper<SqliteConnection>;

/// How long a statement may take on PostgreSQL before it is cancelled. A request that went away
/// leaves its statement behind, and the next one on its connection waits for that.
const STATEMENT_TIMEOUT: &str = "SET statement_timeout = '5s'";

/// What every SQLite connection is set to. First the timeout, since what follows may have to wait;
/// `FULL` makes a commit survive a power cut.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

/// Connects to PostgreSQL: to the first of its servers that accepts it.
pub(super) async fn postgres(
    url: &PostgresUrl,
    observer: Option<Arc<dyn Observer>>,
) -> ConnectionResult<Pg> {
    wrapped(url, observer, Wrapped { for_requests: false }).await
}

/// As [`postgres`], with the statement timeout of a connection that serves requests.
pub(super) async fn postgres_for_requests(
    url: &PostgresUrl,
    observer: Option<Arc<dyn Observer>>,
) -> ConnectionResult<Pg> {
    wrapped(url, observer, Wrapped { for_requests: true }).await
}

async fn wrapped(
    url: &PostgresUrl,
    observer: Option<Arc<dyn Observer>>,
    finish: Wrapped,
) -> ConnectionResult<Pg> {
    let mut connection = first(url, finish).await?;
    if let Some(observer) = observer {
        connection.set_instrumentation(observer.instrumentation());
    }
    Ok(connection)
}

/// As [`postgres`], without anything that prepares statements.
pub(super) async fn postgres_plain(url: &PostgresUrl) -> ConnectionResult<Client> {
    Ok(first(url, Plain).await?)
}

/// What is done with a connection of the driver.
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
            // By a statement, since a pooler in between does not know it as a parameter of the start.
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
    // A mistake is told at once, whatever else may pass.
    let mistake = failures.iter().position(|failure| !failure.kind.may_pass());
    let told = mistake.unwrap_or(failures.len().saturating_sub(1));
    Err(failures.into_iter().nth(told).unwrap_or_else(|| Failure::mistake("the URL names no host")))
}

/// Connects as the URL has it protected.
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
    /// TLS with any certificate, which the password has to be proven together with (SCRAM-SHA-256-PLUS, RFC 5802).
    BoundTls,
}

async fn attempt<F: Finish>(
    url: &PostgresUrl,
    endpoint: &Endpoint,
    channel: Channel,
    finish: F,
) -> Result<F::Output, Failure> {
    let mut config = url.settings_for(endpoint);
    // The driver's own timeout is for the socket alone, which the kernel of a server accepts that does nothing else any
    // more; and each address of a host has as long.
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
    let silent = || Failure::outage("the server accepts connections and is silent").odd();
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
