//! Databases on the Redis server named by the environment.

use redis::{
    Client, Cmd, ConnectionAddr, ConnectionInfo, FromRedisValue, aio::MultiplexedConnection,
};

use crate::relay::Relay;

/// The environment variable with the URL of the server for tests. Tests may delete all of its data.
pub const REDIS_URL_VARIABLE: &str = "DOORWARD_TEST_REDIS_URL";

/// The key that counts the databases taken by tests. It is in the database that no test takes.
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

/// A Redis database for one test.
#[derive(Debug)]
pub struct TestRedis {
    url: String,
}

impl TestRedis {
    /// Returns an empty database on the server in [`REDIS_URL_VARIABLE`].
    ///
    /// # Panics
    /// Panics if the variable isn't set, or if the server rejects a command.
    pub async fn start() -> Self {
        let server = Self { url: server_url() };
        let taken: u64 = server.ask(redis::cmd("INCR").arg(COUNTER)).await;
        let (_, databases): (String, u64) =
            server.ask(redis::cmd("CONFIG").arg("GET").arg("databases")).await;
        // There are at least as many databases as tests; a server that runs longer reuses them.
        let database = Self { url: on_database(&server.url, 1 + taken % (databases - 1)) };
        let () = database.ask(&redis::cmd("FLUSHDB")).await;
        database
    }

    /// Returns its URL as in the configuration of a server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the response to a command.
    ///
    /// # Panics
    /// Panics if the command fails.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> T {
        command.query_async(&mut self.connect().await).await.expect("Redis rejects a command")
    }

    async fn connect(&self) -> MultiplexedConnection {
        let client = Client::open(self.url.as_str()).expect("the tests' Redis URL is invalid");
        client.get_multiplexed_async_connection().await.expect("the tests' Redis can't be reached")
    }

    /// Starts a relay in front of it, which can be made to fail.
    ///
    /// # Panics
    /// Panics if no port is available.
    pub async fn behind_relay(&self) -> Relay {
        let info: ConnectionInfo = self.url.parse().expect("it was parsed before");
        let database = info.redis_settings().db();
        match info.addr() {
            ConnectionAddr::Unix(path) => {
                Relay::to_socket(path.clone(), |address| format!("redis://{address}/{database}"))
                    .await
            }
            _ => panic!("{REDIS_URL_VARIABLE} has to name a Unix socket for this test"),
        }
    }
}

/// Returns the URL of another database on the same server.
fn on_database(url: &str, number: u64) -> String {
    let url = url.trim_end_matches('/');
    if url.contains("unix:") { format!("{url}?db={number}") } else { format!("{url}/{number}") }
}
