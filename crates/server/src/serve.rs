//! Runs the server: startup, serving, and graceful shutdown.

pub mod http;

use std::{
    io, process,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use doorward_adapters::storage::{DatabaseUrl, MigrationError, Migrator};
use doorward_application::password::sample_hashes::HashSample;
use doorward_domain::{error::chain, ports::UnusableHash};
use tokio::{runtime, time::sleep};

use crate::{
    State,
    compose::{ComposeError, System, compose},
    config::{Config, ConfigError, ListenAddress, MailTransport, key_in_file},
    data_dir::{self, DataDirError},
    http::{
        connections,
        listener::{self, Listener},
    },
    observability::{
        logging,
        telemetry::{Telemetry, TelemetryError},
    },
    signals::{self, Signals},
    worker::{Workers, warn_of_unusable},
};

/// How long to wait for an unavailable database at startup.
const WAIT_FOR_DATABASE: Duration = Duration::from_secs(60);
const RETRY_DATABASE: Duration = Duration::from_secs(2);

/// Errors returned by [`serve`].
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The configuration can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder can't be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The server can't bind to the address.
    #[error("cannot bind to {address} ({option}): {advice}")]
    Listen {
        /// The address.
        address: ListenAddress,
        /// What the operator can do.
        advice: &'static str,
        /// The environment variable of the address.
        option: &'static str,
        /// The cause.
        source: io::Error,
    },
    /// The migrations failed.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The server can't be assembled.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// Trace export can't be set up.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// Most password hashes need a pepper that is not configured.
    #[error(
        "most password hashes require a pepper that is not configured, so these users could not sign in: set \
         DOORWARD_PASSWORDS_PEPPER; if the pepper was replaced, add the former one to DOORWARD_PASSWORDS_PREVIOUS_PEPPERS"
    )]
    PepperMissing,
    /// The HTTP server failed.
    #[error("the HTTP server failed")]
    Server(#[from] io::Error),
}

/// Runs the server until it receives a signal to stop (SIGTERM, SIGINT, or SIGQUIT).
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
    // Other users of the machine must not read databases and emails, whatever the folder's mode is.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let files = connections::raise_descriptor_limit();
    if let Some(most) = connections::scarce(files, cores, config.database_connections()) {
        tracing::warn!(
            "this process may open {files} files, which limits it to {most} concurrent connections: raise the hard limit of \
             open files to 65536 (LimitNOFILE= of systemd, --ulimit nofile= of containers, ulimit -Hn of shells)"
        );
    }
    let runtime =
        runtime::Builder::new_multi_thread().worker_threads(cores).enable_all().build()?;
    runtime.block_on(run(config, cores))
}

/// Opens the address that an option configures.
pub(crate) fn bind(
    config: &Config,
    address: &ListenAddress,
    option: &'static str,
) -> Result<Listener, ServeError> {
    Listener::open(address, config.listen_socket_mode).map_err(|source| ServeError::Listen {
        address: address.clone(),
        advice: listener::advice(&source),
        option,
        source,
    })
}

/// A server that has started up: its state and its open listeners.
struct Started {
    state: Arc<State>,
    listener: Listener,
    metrics_listener: Option<Listener>,
}

async fn start_up(config: &Config) -> Result<Started, ServeError> {
    config.check_start()?;
    data_dir::prepare(&config.data_dir)?;
    // Bound first, so that a second server on the same port fails before it touches anything.
    let listener = bind(config, &config.listen, "DOORWARD_LISTEN")?;
    let metrics = config.metrics_listen.as_ref();
    let metrics_listener =
        metrics.map(|address| bind(config, address, "DOORWARD_METRICS_LISTEN")).transpose()?;
    prepare_database(config).await?;
    let state = compose(config, System::default()).await?;
    if let Some(survey) = survey_passwords(config, &state).await? {
        warn_of_unusable(&survey);
    }
    Ok(Started { state, listener, metrics_listener })
}

async fn run(config: &Config, cores: usize) -> Result<(), ServeError> {
    // Handled from the beginning, so that a server can be stopped while it starts.
    let mut received = Signals::listen()?;
    let Started { state, listener, metrics_listener } = tokio::select! {
        started = start_up(config) => started?,
        signal = received.stop() => {
            tracing::info!(signal, "stopped during startup");
            return Ok(());
        }
    };
    let (addresses, port) = (listener.addresses()?, listener.port());
    // The files of the sockets are removed when this function returns.
    let (listener, _socket) = listener.split();
    let server = http::server(&state, listener, cores)?;
    let handle = server.handle();
    let running = tokio::spawn(server);
    let mut _metrics_socket = None;
    if let Some(listener) = metrics_listener {
        tracing::info!("metrics are at {}/metrics", listener.addresses()?.join(" and "));
        let (listener, socket) = listener.split();
        _metrics_socket = Some(socket);
        tokio::spawn(http::metrics_server(&state, listener)?);
    }
    let workers = Workers::start(&state);
    announce(config, &addresses, port);

    let signal = tokio::select! {
        signal = received.stop() => signal,
        ended = running => return ended.map_err(io::Error::other)?.map_err(Into::into),
    };
    tokio::spawn(async move {
        let first = Instant::now();
        loop {
            let again = received.stop().await;
            if !signals::is_repeated(signal, again, first.elapsed()) {
                tracing::warn!(
                    signal = again,
                    "second shutdown signal: aborting in-flight requests"
                );
                process::exit(1);
            }
        }
    });
    stop(config, &state, handle, signal).await;
    workers.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Checks the database and runs pending migrations. Waits for an unavailable database, since it may be starting as well.
/// Returns permanent errors immediately.
async fn prepare_database(config: &Config) -> Result<(), MigrationError> {
    let attempts = WAIT_FOR_DATABASE.as_secs() / RETRY_DATABASE.as_secs();
    for attempt in 1.. {
        match migrate(config).await {
            Err(error) if error.may_pass() && attempt < attempts => {
                tracing::warn!(
                    error = %chain(&error),
                    "the database is unavailable: trying again ({attempt} of {attempts})"
                );
                sleep(RETRY_DATABASE).await;
            }
            outcome => return outcome,
        }
    }
    Ok(())
}

async fn migrate(config: &Config) -> Result<(), MigrationError> {
    let fitness = Migrator(&config.database).check().await?;
    if let Some(role) = &fitness.unlimited_role {
        tracing::warn!("{}", unlimited(role));
    }
    let done = Migrator(&config.database).run().await?;
    if !done.is_empty() {
        tracing::info!(migrations = done.join(", "), "migrations applied");
    }
    Ok(())
}

/// Returns a warning about statements without a time limit, with what to do.
pub(crate) fn unlimited(role: &str) -> String {
    format!(
        "statements have no time limit behind this connection pooler: run ALTER ROLE \"{role}\" SET statement_timeout = '5s'"
    )
}

/// Samples the stored password hashes, before the server accepts requests.
pub(crate) async fn survey_passwords(
    config: &Config,
    state: &State,
) -> Result<Option<HashSample>, ServeError> {
    let survey = match state.application.password.sample_hashes.run().await {
        Ok(survey) => survey,
        Err(error) => {
            tracing::warn!(%error, "sampling password hashes failed; trying again in one hour");
            return Ok(None);
        }
    };
    let missing = |reason: &&UnusableHash| **reason == UnusableHash::PepperMissing;
    let missing = survey.unusable.iter().filter(missing).count();
    // A few hashes of a pepper that was removed must not prevent the start.
    if config.peppers.current.is_none() && missing > 0 && missing * 2 >= survey.sampled {
        return Err(ServeError::PepperMissing);
    }
    Ok(Some(survey))
}

fn announce(config: &Config, addresses: &[String], port: Option<u16>) {
    for (key, warning) in config.warnings().into_iter().chain(data_dir::warnings(config)) {
        tracing::warn!(option = key_in_file(key), "{warning}");
    }
    announce_database(&config.database);
    match (&config.mail, port) {
        // A warning has reported this.
        (MailTransport::File(_), _) if config.is_public() => {}
        (MailTransport::File(folder), Some(port)) => tracing::info!(
            "emails are written to {} and their links to this log; view them at http://localhost:{port}/dev/mail",
            folder.display(),
        ),
        (MailTransport::File(folder), None) => {
            tracing::info!(
                "emails are written to {} and their links to this log",
                folder.display()
            );
        }
        (MailTransport::Smtp(url), _) => tracing::info!("emails are sent to {url}"),
    }
    let version = env!("CARGO_PKG_VERSION");
    let (address, public_url) = (addresses.join(" and "), config.settings.public_url.as_str());
    match (addresses.first(), port) {
        (Some(first), Some(_)) => tracing::info!(
            "doorward {version} listens on {address} (public URL {public_url}); try: curl {first}/v1/auth/config"
        ),
        _ => tracing::info!("doorward {version} listens on {address} (public URL {public_url})"),
    }
}

fn announce_database(url: &DatabaseUrl) {
    match url.protection() {
        Some(protection) => tracing::info!("database: {url}, {protection}"),
        None => tracing::info!("database: {url}"),
    }
    let ignored = url.ignored_parameters();
    if !ignored.is_empty() {
        tracing::warn!(
            "database URL parameters without effect: {}; remove them",
            ignored.join(", ")
        );
    }
    if url.is_exposed() {
        tracing::warn!(
            "the connection to the database is not protected against reading and changes on the network: remove sslmode from \
             the database URL, or set sslmode=verify-full"
        );
    }
}

/// Shuts down gracefully. First, readiness fails, so that load balancers stop sending requests. Then
/// no new connections are accepted, and in-flight requests complete.
async fn stop(
    config: &Config,
    state: &Arc<State>,
    server: actix_web::dev::ServerHandle,
    signal: &'static str,
) {
    tracing::info!(signal, "stopping: waiting for in-flight requests");
    state.start_draining();
    sleep(config.drain).await;
    server.stop(true).await;
}
