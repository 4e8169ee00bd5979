use std::{net::TcpListener, sync::Arc};

use actix_web::dev::ServerHandle;
use doorward_adapters::system::SystemRandomness;
use doorward_domain::mock::{FrozenClock, SeededIds};
use doorward_server::{
    State,
    compose::{System, compose_with},
    config::{Config, Options},
    http,
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

/// A server on a port of its own, with a database of its own and a clock that stands still.
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
    /// A server without limits, and with passwords that cost little.
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::start_with(backend, Options::default()).await
    }

    pub(crate) async fn start_with(backend: Backend, options: Options) -> Self {
        Self::start_tuned(backend, options, |_| {}).await
    }

    /// As [`TestApp::start_with`], with what is not for operators to decide.
    pub(crate) async fn start_tuned(
        backend: Backend,
        options: Options,
        tune: impl FnOnce(&mut Config),
    ) -> Self {
        Self::on(Arc::new(backend.database().await), options, tune).await
    }

    /// Another server on the same database. Both have to be given the same secret.
    pub(crate) async fn beside(&self, options: Options) -> Self {
        Self::on(self.database.clone(), options, |_| {}).await
    }

    async fn on(
        database: Arc<TestDatabase>,
        options: Options,
        tune: impl FnOnce(&mut Config),
    ) -> Self {
        let folder = TempDir::with_prefix("doorward-data-").unwrap();
        // Beyond this machine, files have to be asked for.
        let url = options.public_url.as_ref().or(options.frontend_url.as_ref());
        let mail_url = options.mail_url.clone().or(url.map(|_| "file:".parse().unwrap()));
        let options = Options {
            mail_url,
            data_dir: Some(folder.path().to_owned()),
            database_url: Some(database.url_text().parse().unwrap()),
            database_pool_size: Some(8),
            hash_memory_kib: options.hash_memory_kib.or(Some(64)),
            hash_passes: Some(1),
            hash_threads: Some(2),
            hash_queue: options.hash_queue.or(Some(256)),
            limits_enabled: options.limits_enabled.or(Some(false)),
            trusted_proxies: Some("127.0.0.0/8".parse().unwrap()),
            ..options
        };
        let mut config = Config::new(options).unwrap();
        config.database_wait = Some(PATIENCE);
        config.redis_wait = Some(PATIENCE);
        // Faults come and go within a moment.
        config.readiness_lifetime = std::time::Duration::ZERO;
        tune(&mut config);
        let clock = Arc::new(FrozenClock::default());
        // Each server on a database makes ids of its own.
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
        let server = http::server(&state, listener, 1).unwrap();
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

    /// Lets time pass.
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

    /// Sends octets as they are, and answers what comes back until the server hangs up.
    pub(crate) async fn raw(&self, request: &[u8]) -> String {
        String::from_utf8_lossy(&self.raw_octets(request).await).into_owned()
    }

    /// As [`TestApp::raw`], whatever it is.
    pub(crate) async fn raw_octets(&self, request: &[u8]) -> Vec<u8> {
        let mut client = TcpStream::connect(self.base.replace("http://", "")).await.unwrap();
        // A server that has heard enough hangs up before the end.
        let _ = client.write_all(request).await;
        let mut answer = Vec::new();
        let _ = client.read_to_end(&mut answer).await;
        answer
    }

    /// Lets the worker do all that there is to do, and answers the mails that came of it.
    pub(crate) async fn mails(&self) -> Vec<Mail> {
        while self.state.application.deliver_mail.run().await.unwrap() > 0 {}
        self.delivered()
    }

    /// The emails that went out and were not read.
    pub(crate) fn delivered(&self) -> Vec<Mail> {
        mail::take(&self.folder.path().join("mail"))
    }

    /// The one mail that there is.
    pub(crate) async fn mail(&self) -> Mail {
        let mut mails = self.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        mails.remove(0)
    }
}

/// A client that sends what a browser says of pages of this origin, unless a call says something else.
fn called_from(origin: Option<&str>) -> reqwest::Client {
    let headers = origin.map(|origin| (header::ORIGIN, origin.parse().unwrap()));
    let headers = headers.into_iter().collect();
    reqwest::Client::builder().default_headers(headers).build().unwrap()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Dropped, the future still tells the server to stop at once.
        drop(self.server.stop(false));
    }
}
