//! From configuration to a server that stops when it is asked to.

use std::{
    io, process,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use doorward_adapters::storage::{DatabaseUrl, MigrationError, Migrator};
use doorward_application::survey_passwords::Survey;
use doorward_domain::{error::chain, ports::UnusableHash};
use tokio::{runtime, time::sleep};

use crate::{
    State,
    compose::{ComposeError, System, compose},
    config::{Config, ConfigError, ListenAddress, MailTransport},
    connections,
    data_dir::{self, DataDirError},
    http,
    listener::{self, Listener},
    logging,
    signals::{self, Signals},
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
    #[error("can't listen on {address} ({option}): {advice}")]
    Listen {
        /// Which one.
        address: ListenAddress,
        /// What to do.
        advice: &'static str,
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

/// Runs the server until it is told to stop (SIGTERM, SIGINT, or SIGQUIT).
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
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let files = connections::raise_descriptor_limit();
    if let Some(most) = connections::scarce(files, cores, config.database_connections()) {
        tracing::warn!(
            "this process may open {files} files, and serves at most {most} connections at the same time: raise the hard \
             limit of open files to 65536 (LimitNOFILE= of systemd, --ulimit nofile= of containers, ulimit -Hn of shells)"
        );
    }
    let runtime =
        runtime::Builder::new_multi_thread().worker_threads(cores).enable_all().build()?;
    runtime.block_on(run(config, cores))
}

/// Opens an address that is given by an option.
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

/// What is open, and what it is open for.
struct Started {
    state: Arc<State>,
    listener: Listener,
    metrics_listener: Option<Listener>,
}

async fn start_up(config: &Config) -> Result<Started, ServeError> {
    config.check_start()?;
    data_dir::prepare(&config.data_dir)?;
    // Bound first, so that a second server on the port is told before it touches anything.
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
    // Listened to from the beginning: whoever stops a server that is about to start means it.
    let mut received = Signals::listen()?;
    let Started { state, listener, metrics_listener } = tokio::select! {
        started = start_up(config) => started?,
        signal = received.stop() => {
            tracing::info!(signal, "stopped before the start was complete");
            return Ok(());
        }
    };
    let (addresses, port) = (listener.addresses()?, listener.port());
    // Their files are removed when this ends.
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
                    "second signal to stop: requests in flight are cut off"
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

/// Checks the database and brings its schema up. One that is unavailable is waited for, since it may be starting as well;
/// a mistake is reported at once.
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
        tracing::info!(migrations = done.join(", "), "schema brought up");
    }
    Ok(())
}

/// Says what to do about statements that nothing ends.
pub(crate) fn unlimited(role: &str) -> String {
    format!(
        "statements have no time limit behind this connection pooler: ALTER ROLE \"{role}\" SET statement_timeout = '5s'"
    )
}

/// Finds out how passwords are stored, before anybody is asked for one.
pub(crate) async fn survey_passwords(
    config: &Config,
    state: &State,
) -> Result<Option<Survey>, ServeError> {
    let survey = match state.application.survey_passwords.run().await {
        Ok(survey) => survey,
        Err(error) => {
            tracing::warn!(%error, "how passwords are stored could not be found out; it is tried again in an hour");
            return Ok(None);
        }
    };
    let missing = |reason: &&UnusableHash| **reason == UnusableHash::PepperMissing;
    let missing = survey.unusable.iter().filter(missing).count();
    // A few that were left behind when a pepper was given up keep no server down.
    if config.peppers.current.is_none() && missing > 0 && missing * 2 >= survey.sampled {
        return Err(ServeError::PepperMissing);
    }
    Ok(Some(survey))
}

fn announce(config: &Config, addresses: &[String], port: Option<u16>) {
    for (key, warning) in config.warnings().into_iter().chain(data_dir::warnings(config)) {
        tracing::warn!(option = key, "{warning}");
    }
    announce_database(&config.database);
    match (&config.mail, port) {
        // A warning has said so.
        (MailTransport::File(_), _) if config.is_public() => {}
        (MailTransport::File(folder), Some(port)) => tracing::info!(
            "mail is written to {} and its links to this log; http://localhost:{port}/dev/mail shows it",
            folder.display(),
        ),
        (MailTransport::File(folder), None) => {
            tracing::info!("mail is written to {} and its links to this log", folder.display());
        }
        (MailTransport::Smtp(url), _) => tracing::info!("mail goes to {url}"),
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
            "parameters of the database URL have no effect: {}: remove them",
            ignored.join(", ")
        );
    }
    if url.is_exposed() {
        tracing::warn!(
            "others on the network between could read or change what is sent to the database: remove sslmode from the \
             database URL, or write sslmode=verify-full"
        );
    }
}

/// Readiness goes off first, so that load balancers send nothing more; then no connection is taken,
/// and what is in flight is finished.
async fn stop(
    config: &Config,
    state: &Arc<State>,
    server: actix_web::dev::ServerHandle,
    signal: &'static str,
) {
    tracing::info!(signal, "stopping: requests in flight are finished");
    state.start_draining();
    sleep(config.drain).await;
    server.stop(true).await;
}
