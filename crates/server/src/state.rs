use std::{
    fmt,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use actix_web::http::header::{HeaderName, HeaderValue};
use doorward_adapters::{
    passwords::Waiting,
    tokens::{KeyError, KeyRing},
};
use doorward_application::{Application, Ports};
use ipnet::IpNet;
use tokio::runtime::Handle;
use tracing::Instrument;

use crate::{
    config::{Config, DEFAULT_CLIENT_IP_HEADER, Timeouts},
    cors::Cors,
    dev_mail::Mailbox,
    docs::Document,
    error::ApiError,
    extract::Forwarders,
    metrics::Metrics,
    pages::Pages,
    readiness::Readiness,
    telemetry::in_current_trace,
};

/// What every request needs.
pub struct State {
    /// The use cases.
    pub application: Arc<Application>,
    /// The adapters behind them.
    pub ports: Ports,
    pub(crate) allow_registration: bool,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) forwarders: Forwarders,
    pub(crate) client_ip_header: HeaderName,
    pub(crate) hsts: Option<HeaderValue>,
    pub(crate) timeouts: Timeouts,
    /// As many connections as the database may have.
    pub(crate) database_connections: u32,
    /// Which pages of other origins may call.
    pub(crate) cors: Cors,
    /// The OpenAPI document, if it is served.
    pub(crate) document: Option<Document>,
    pub(crate) readiness: Arc<Readiness>,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) metrics: Metrics,
    /// The mailbox for development, if there is one.
    pub(crate) mailbox: Option<Mailbox>,
    /// The pages, if they are served.
    pub(crate) pages: Option<Arc<Pages>>,
    runtime: Handle,
    draining: AtomicBool,
}

impl State {
    pub(crate) fn new(
        application: Application,
        ports: Ports,
        keys: Arc<KeyRing>,
        metrics: Metrics,
        mailbox: Option<Mailbox>,
        pages: Option<Pages>,
        config: &Config,
    ) -> Self {
        Self {
            application: Arc::new(application),
            ports,
            allow_registration: config.settings.allow_registration,
            trusted_proxies: config.trusted_proxies.clone(),
            forwarders: Forwarders::default(),
            client_ip_header: config.client_ip_header.clone().unwrap_or(DEFAULT_CLIENT_IP_HEADER),
            hsts: config.hsts.as_deref().and_then(|value| HeaderValue::from_str(value).ok()),
            timeouts: config.timeouts,
            database_connections: config.database_connections(),
            cors: Cors::new(&config.cors_origins, &config.settings.public_url),
            document: config.docs_enabled.then(|| Document::new(&config.settings.public_url)),
            readiness: Arc::new(Readiness::new(config.readiness_lifetime)),
            keys,
            metrics,
            mailbox,
            pages: pages.map(Arc::new),
            runtime: Handle::current(),
            draining: AtomicBool::new(false),
        }
    }

    /// Runs a use case as a task of its own, on the multi-thread runtime. Nothing then drops it
    /// half-way: no client that goes away, no timeout, no shutdown.
    pub(crate) async fn run<T, E, F>(
        &self,
        use_case: impl FnOnce(Arc<Application>) -> F,
    ) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
    {
        // Dropped with the request, if the client goes away: its password then leaves the queue.
        let (_waiting, gone) = Waiting::begin();
        let task = gone.ends_queueing(use_case(self.application.clone())).in_current_span();
        match self.runtime.spawn(in_current_trace(task)).await {
            Ok(outcome) => outcome.map_err(Into::into),
            Err(error) => Err(ApiError::internal(error)),
        }
    }

    /// Reads the signing keys again, which others may have added to.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn reload_keys(&self) -> Result<(), KeyError> {
        self.keys.reload(&*self.ports.storage, self.ports.clock.now()).await
    }

    /// Seals with the current secret what former ones sealed.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn reseal_keys(&self) -> Result<usize, KeyError> {
        self.keys.reseal(&*self.ports.storage).await
    }

    /// Returns `false` if users can't be signed in, such as when the signing keys were encrypted with another secret.
    pub(crate) fn can_sign(&self) -> bool {
        self.keys.can_sign(self.ports.clock.now())
    }

    /// Tells load balancers to send nothing more.
    pub fn start_draining(&self) {
        self.draining.store(true, Ordering::Release);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}
