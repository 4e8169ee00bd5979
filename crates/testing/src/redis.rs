//! Databases on the Redis server that the environment names.

use redis::{
    Client, Cmd, ConnectionAddr, ConnectionInfo, FromRedisValue, aio::MultiplexedConnection,
};

use crate::relay::Relay;

/// Names the server for tests, which may do with all that it holds as they like.
pub const REDIS_URL_VARIABLE: &str = "DOORWARD_TEST_REDIS_URL";

/// Counts the databases that tests have taken; it is in the one that none takes.
const COUNTER: &str = "doorward:test:databases";

#[expect(clippy::disallowed_methods, reason = "the tests' only setting")]
fn server_url() -> String {
    std::env::var(REDIS_URL_VARIABLE).unwrap_or_else(|_| {
        panic!(
            "{REDIS_URL_VARIABLE} is not set: run scripts/test.sh, which starts a Redis server for \
             the tests and names it there"
        )
    })
}

/// A Redis database of one test.
#[derive(Debug)]
pub struct TestRedis {
    url: String,
}

impl TestRedis {
    /// An empty database on the server that [`REDIS_URL_VARIABLE`] names.
    ///
    /// # Panics
    /// The variable is not set, or the server does not do as it is told.
    pub async fn start() -> Self {
        let server = Self { url: server_url() };
        let taken: u64 = server.ask(redis::cmd("INCR").arg(COUNTER)).await;
        let (_, databases): (String, u64) =
            server.ask(redis::cmd("CONFIG").arg("GET").arg("databases")).await;
        // There are as many as tests, or more; a server that lives longer has them used again.
        let database = Self { url: on_database(&server.url, 1 + taken % (databases - 1)) };
        let () = database.ask(&redis::cmd("FLUSHDB")).await;
        database
    }

    /// Where it is, as a server's configuration has it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it answers to a command.
    ///
    /// # Panics
    /// It does not.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> T {
        command.query_async(&mut self.connect().await).await.expect("Redis refuses a command")
    }

    async fn connect(&self) -> MultiplexedConnection {
        let client = Client::open(self.url.as_str()).expect("the URL of the tests' Redis is none");
        client.get_multiplexed_async_connection().await.expect("the tests' Redis can't be reached")
    }

    /// A relay in front of it, which can be told to fail.
    ///
    /// # Panics
    /// There is no port for it.
    pub async fn behind_relay(&self) -> Relay {
        let info: ConnectionInfo = self.url.parse().expect("it was parsed before");
        let database = info.redis_settings().db();
        match info.addr() {
            ConnectionAddr::Unix(path) => {
                Relay::to_socket(path.clone(), |address| format!("redis://{address}/{database}"))
                    .await
            }
            _ => panic!("{REDIS_URL_VARIABLE} has to lead to a unix socket for this test"),
        }
    }
}

/// The URL of another database on the same server.
fn on_database(url: &str, number: u64) -> String {
    let url = url.trim_end_matches('/');
    if url.contains("unix:") { format!("{url}?db={number}") } else { format!("{url}/{number}") }
}
