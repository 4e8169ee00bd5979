use std::{net::TcpListener, sync::Arc};

use actix_web::dev::ServerHandle;
use doorward_adapters::system::SystemRandomness;
use doorward_domain::mock::{FrozenClock, SeededIds};
use doorward_server::{
    State,
    compose::{System, compose_with},
    config::{Config, Options},
    serve,
};
use doorward_testing::{PATIENCE, TestDatabase};
use reqwest::{Method, header};
use tempfile::TempDir;
use time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Backend, Faults, Mail, Statements, call::Call, mail};

/// A server with its own port and database, and a frozen clock.
pub(crate) struct TestApp {
    pub(crate) state: Arc<State>,
    pub(crate) statements: Arc<Statements>,
    pub(crate) faults: Faults,
    pub(crate) database: Arc<TestDatabase>,
    clock: Arc<FrozenClock>,
    client: reqwest::Client,
    base: String,
    folder: TempDir,
    server: ServerHandle,
}

impl TestApp {
    /// Starts a server without rate limits and with cheap password hashes.
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_with(backend, Options::default()).await
    }

    pub(crate) async fn start_with(backend: Backend, options: Options) -> Self {
        Self::start_tuned(backend, options, |_| {}).await
    }

    /// Like [`TestApp::start_with`], but `tune` also sets values that operators can't configure.
    pub(crate) async fn start_tuned(
        backend: Backend,
        options: Options,
        tune: impl FnOnce(&mut Config),
    ) -> Self {
        Self::on(Arc::new(backend.database().await), options, tune).await
    }

    /// Starts another server on the same database. Both servers need the same secret.
    pub(crate) async fn beside(&self, options: Options) -> Self {
        Self::on(self.database.clone(), options, |_| {}).await
    }

    async fn on(
        database: Arc<TestDatabase>,
        options: Options,
        tune: impl FnOnce(&mut Config),
    ) -> Self {
        let folder = TempDir::with_prefix("doorward-data-").unwrap();
        // With a public URL, storing emails in files must be configured explicitly.
        let url = options.public_url.as_ref().or(options.frontend_url.as_ref());
        let mail_url = options.mail_url.clone().or(url.map(|_| "file:".parse().unwrap()));
        let options = Options {
            mail_url,
            data_dir: Some(folder.path().to_owned()),
            database_url: Some(database.url_text().parse().unwrap()),
            database_pool_size: Some(8),
            passwords_argon2_memory_kib: options.passwords_argon2_memory_kib.or(Some(64)),
            passwords_argon2_iterations: Some(1),
            passwords_threads: Some(2),
            passwords_queue_size: options.passwords_queue_size.or(Some(256)),
            rate_limits_enabled: options.rate_limits_enabled.or(Some(false)),
            trusted_proxies: Some("127.0.0.0/8".parse().unwrap()),
            ..options
        };
        let mut config = Config::new(options).unwrap();
        config.database_wait = Some(PATIENCE);
        config.redis_wait = Some(PATIENCE);
        // Tests inject and remove faults within moments.
        config.readiness_lifetime = std::time::Duration::ZERO;
        tune(&mut config);
        let clock = Arc::new(FrozenClock::default());
        // Servers that share a database need distinct IDs.
        let seed = Arc::strong_count(&database) as u64;
        let statements = Arc::new(Statements::default());
        let system = System {
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(seed)),
            randomness: Arc::new(SystemRandomness),
            observer: Some(statements.clone()),
        };
        let faults = Faults::default();
        let origin = config.cors_origins.first().map(|origin| origin.to_string());
        let state = compose_with(&config, system, |ports| faults.around(ports)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = serve::http::server(&state, listener, 1).unwrap();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            state,
            statements,
            faults,
            database,
            clock,
            client: called_from(origin.as_deref()),
            base,
            folder,
            server: handle,
        }
    }

    /// Advances the clock.
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        Call(self.client.request(method, self.url(path)))
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    pub(crate) fn patch(&self, path: &str) -> Call {
        self.call(Method::PATCH, path)
    }

    pub(crate) fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    pub(crate) fn put(&self, path: &str) -> Call {
        self.call(Method::PUT, path)
    }

    /// Sends bytes unchanged, and returns the response until the server closes the connection.
    pub(crate) async fn raw(&self, request: &[u8]) -> String {
        String::from_utf8_lossy(&self.raw_bytes(request).await).into_owned()
    }

    /// Like [`TestApp::raw`], but returns bytes that need not be UTF-8.
    pub(crate) async fn raw_bytes(&self, request: &[u8]) -> Vec<u8> {
        let mut client = TcpStream::connect(self.base.replace("http://", "")).await.unwrap();
        // The server may close the connection before it has read everything.
        let _ = client.write_all(request).await;
        let mut answer = Vec::new();
        let _ = client.read_to_end(&mut answer).await;
        answer
    }

    /// Delivers everything in the outbox, and returns the emails.
    pub(crate) async fn messages(&self) -> Vec<Mail> {
        while self.state.application.mail.deliver.run().await.unwrap() > 0 {}
        self.delivered()
    }

    /// Returns the emails that were delivered and not yet read.
    pub(crate) fn delivered(&self) -> Vec<Mail> {
        mail::take(&self.folder.path().join("mail"))
    }

    /// Returns the only email; panics if there is not exactly one.
    pub(crate) async fn mail(&self) -> Mail {
        let mut mails = self.messages().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        mails.remove(0)
    }
}

/// A client that sends the `Origin` header that a browser sends for this origin, unless a call overrides it.
fn called_from(origin: Option<&str>) -> reqwest::Client {
    let headers = origin.map(|origin| (header::ORIGIN, origin.parse().unwrap()));
    let headers = headers.into_iter().collect();
    reqwest::Client::builder().default_headers(headers).build().unwrap()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The server stops at once even though the future is dropped.
        drop(self.server.stop(false));
    }
}
