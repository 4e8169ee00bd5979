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
    passwords::CallerGuard,
    tokens::{KeyError, KeyRing},
};
use doorward_application::{Application, Ports};
use ipnet::IpNet;
use tokio::runtime::Handle;
use tracing::Instrument;

use crate::{
    config::{Config, DEFAULT_CLIENT_IP_HEADER, Timeouts},
    dev_mail::Mailbox,
    http::{cors::Cors, error::ApiError, request::Forwarders},
    observability::{metrics::Metrics, readiness::Readiness, telemetry::in_current_trace},
    openapi::docs::Document,
    pages::Pages,
};

/// The state of the server, shared by all requests.
pub struct State {
    /// The use cases.
    pub application: Arc<Application>,
    /// The adapters of the use cases.
    pub ports: Ports,
    pub(crate) allow_registration: bool,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) forwarders: Forwarders,
    pub(crate) client_ip_header: HeaderName,
    pub(crate) hsts: Option<HeaderValue>,
    pub(crate) timeouts: Timeouts,
    /// The maximum number of database connections.
    pub(crate) database_connections: u32,
    /// The pages of other origins that may call the API.
    pub(crate) cors: Cors,
    /// The OpenAPI document, if it is served.
    pub(crate) document: Option<Document>,
    pub(crate) readiness: Arc<Readiness>,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) metrics: Metrics,
    /// The development mailbox, if there is one.
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
            document: config.api_docs_enabled.then(|| Document::new(&config.settings.public_url)),
            readiness: Arc::new(Readiness::new(config.readiness_lifetime)),
            keys,
            metrics,
            mailbox,
            pages: pages.map(Arc::new),
            runtime: Handle::current(),
            draining: AtomicBool::new(false),
        }
    }

    /// Runs a use case as a separate task on the multi-thread runtime, so that it always runs to
    /// completion: a client that disconnects, a timeout, or a shutdown can't drop it half-way.
    pub(crate) async fn run<T, E, F>(
        &self,
        use_case: impl FnOnce(Arc<Application>) -> F,
    ) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
    {
        // Dropped with the request if the client disconnects, which cancels its queued password hash.
        let (_waiting, gone) = CallerGuard::new_pair();
        let task = gone.cancel_queued_on_drop(use_case(self.application.clone())).in_current_span();
        match self.runtime.spawn(in_current_trace(task)).await {
            Ok(outcome) => outcome.map_err(Into::into),
            Err(error) => Err(ApiError::internal(error)),
        }
    }

    /// Reloads the signing keys, since other processes may have added keys.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn reload_keys(&self) -> Result<(), KeyError> {
        self.keys.reload(&*self.ports.storage, self.ports.clock.now()).await
    }

    /// Re-encrypts signing keys that were encrypted with a previous master key, and returns their number.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn reencrypt_keys(&self) -> Result<usize, KeyError> {
        self.keys.reencrypt(&*self.ports.storage).await
    }

    /// Returns `false` if access tokens can't be signed, for example if the signing keys were encrypted with another
    /// secret.
    pub(crate) fn can_sign(&self) -> bool {
        self.keys.can_sign(self.ports.clock.now())
    }

    /// Makes readiness fail, so that load balancers stop sending requests.
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
