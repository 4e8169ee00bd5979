//! From configuration to a server that stops when it is asked to.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    process,
    sync::Arc,
    thread,
    time::Duration,
};

use doorward_adapters::storage::{MigrationError, Migrator};
use doorward_domain::ports::UnusableHash;
use tokio::{
    runtime,
    signal::unix::{Signal, SignalKind, signal},
    time::sleep,
};

use crate::{
    State,
    compose::{ComposeError, System, compose},
    config::{Config, ConfigError, MailTransport},
    data_dir::{self, DataDirError},
    http, logging,
    telemetry::{Telemetry, TelemetryError},
    worker::{Workers, warn_of_unusable},
};

/// How long a database that is away at the start is waited for.
const WAIT_FOR_DATABASE: Duration = Duration::from_secs(60);
const RETRY_DATABASE: Duration = Duration::from_secs(2);

/// The server did not start, or broke down.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The configuration can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder can't be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The address can't be listened on.
    #[error(
        "{address} can't be listened on: choose another address with {option}, or stop what is \
         using it"
    )]
    Listen {
        /// Which one.
        address: SocketAddr,
        /// The variable that says so.
        option: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The schema can't be brought up.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The parts don't fit together.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// Traces can't be sent.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// People could not sign in.
    #[error(
        "most passwords in the database were hashed with a pepper that is not configured, and nobody \
         could sign in with them: set DOORWARD_PEPPER, or DOORWARD_PREVIOUS_PEPPERS if there is a new one"
    )]
    PepperMissing,
    /// The server broke down.
    #[error("the server failed")]
    Server(#[from] io::Error),
}

/// Runs the server until it is told to stop (SIGTERM or Ctrl-C).
///
/// # Errors
/// See [`ServeError`].
pub fn serve(config: &Config) -> Result<(), ServeError> {
    let telemetry = config.telemetry.as_ref().map(Telemetry::start).transpose()?;
    logging::init(config, telemetry.as_ref())?;
    let outcome = start(config);
    if let Some(telemetry) = telemetry {
        telemetry.stop();
    }
    outcome
}

fn start(config: &Config) -> Result<(), ServeError> {
    // Databases and mails are for nobody else on the machine, whatever the folder's mode is.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    data_dir::prepare(&config.data_dir)?;
    // Bound first, so that a second server on the port is told before it touches anything.
    let listener = bind(config.listen, "DOORWARD_LISTEN")?;
    let metrics_listener = config
        .metrics_listen
        .map(|address| bind(address, "DOORWARD_METRICS_LISTEN"))
        .transpose()?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let runtime =
        runtime::Builder::new_multi_thread().worker_threads(cores).enable_all().build()?;
    runtime.block_on(run(config, listener, metrics_listener, cores))
}

fn bind(address: SocketAddr, option: &'static str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|source| ServeError::Listen { address, option, source })
}

async fn run(
    config: &Config,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    cores: usize,
) -> Result<(), ServeError> {
    // Listened to from the beginning: whoever stops a server that is about to start means it.
    let mut told_to_stop = StopSignals::listen()?;
    tokio::select! {
        migrated = migrate(config) => migrated?,
        () = told_to_stop.next() => return Ok(()),
    }
    let state = compose(config, System::default()).await?;
    survey_passwords(config, &state).await?;
    let address = listener.local_addr()?;
    let server = http::server(&state, listener, cores)?;
    let handle = server.handle();
    let running = tokio::spawn(server);
    if let Some(listener) = metrics_listener {
        tracing::info!("metrics are at http://{}/metrics", listener.local_addr()?);
        tokio::spawn(http::metrics_server(&state, listener)?);
    }
    let workers = Workers::start(&state);
    announce(config, address);

    tokio::select! {
        () = told_to_stop.next() => {}
        ended = running => return ended.map_err(io::Error::other)?.map_err(Into::into),
    }
    tokio::spawn(async move {
        told_to_stop.next().await;
        tracing::warn!("told to stop again: requests in flight are cut off");
        process::exit(1);
    });
    stop(config, &state, handle).await;
    workers.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Brings the schema up. A database that is not there yet is waited for: it may be starting, too.
async fn migrate(config: &Config) -> Result<(), MigrationError> {
    let attempts = WAIT_FOR_DATABASE.as_secs() / RETRY_DATABASE.as_secs();
    for attempt in 1.. {
        match Migrator(&config.database).run().await {
            Ok(done) => {
                if !done.is_empty() {
                    tracing::info!(migrations = done.join(", "), "schema brought up");
                }
                return Ok(());
            }
            Err(MigrationError::Unreachable { url, source }) if attempt < attempts => {
                tracing::warn!(
                    database = url,
                    error = %source,
                    "the database can't be reached: trying again ({attempt} of {attempts})"
                );
                sleep(RETRY_DATABASE).await;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Finds out how passwords are stored, before anybody is asked for one.
async fn survey_passwords(config: &Config, state: &State) -> Result<(), ServeError> {
    let survey = match state.application.survey_passwords.run().await {
        Ok(survey) => survey,
        Err(error) => {
            tracing::warn!(%error, "how passwords are stored could not be found out; it is tried again in an hour");
            return Ok(());
        }
    };
    let missing = |reason: &&UnusableHash| **reason == UnusableHash::PepperMissing;
    let missing = survey.unusable.iter().filter(missing).count();
    // A few that were left behind when a pepper was given up keep no server down.
    if config.peppers.current.is_none() && missing > 0 && missing * 2 >= survey.sampled {
        return Err(ServeError::PepperMissing);
    }
    warn_of_unusable(&survey);
    Ok(())
}

fn announce(config: &Config, address: SocketAddr) {
    if config.hashing.is_cheap() {
        tracing::warn!(
            "passwords are hashed at less cost than OWASP asks for: raise hash_memory_kib or hash_passes"
        );
    }
    tracing::info!("database: {}", config.database);
    match &config.mail {
        MailTransport::File(folder) => tracing::info!(
            "mail is written to {} and its links to this log; http://localhost:{}/dev/mail shows it",
            folder.display(),
            address.port()
        ),
        MailTransport::Smtp(url) => tracing::info!("mail goes to {url}"),
    }
    tracing::info!(
        "doorward {} listens on http://{address} (public URL {}); try: curl http://{address}/v1/auth/config",
        env!("CARGO_PKG_VERSION"),
        config.settings.public_url.as_str(),
    );
}

/// Readiness goes off first, so that load balancers send nothing more; then no connection is taken,
/// and what is in flight is finished.
async fn stop(config: &Config, state: &Arc<State>, server: actix_web::dev::ServerHandle) {
    tracing::info!("stopping: requests in flight are finished");
    state.start_draining();
    sleep(config.drain).await;
    server.stop(true).await;
}

/// What an operator or a supervisor stops a server by: SIGTERM, or Ctrl-C.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
