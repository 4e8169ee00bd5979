use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use doorward_domain::ports::Clock;
use redis::{
    AsyncConnectionConfig, Client, ErrorKind, RedisError, RedisResult, ScriptInvocation,
    aio::MultiplexedConnection,
};
use time::OffsetDateTime;
use tokio::{runtime::Handle, time::timeout};

use super::{RedisOptions, RedisUrl};

/// The shared connection to Redis, with a circuit breaker.
///
/// While Redis is unavailable, no caller waits for it, except for one from time to time that checks whether it is
/// available again.
pub(super) struct CircuitBreaker {
    url: RedisUrl,
    options: RedisOptions,
    clock: Arc<dyn Clock>,
    /// The runtime of the connection: callers may be on runtimes that end before it.
    runtime: Handle,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connection: Option<Arc<MultiplexedConnection>>,
    /// No caller tries to connect before this time.
    retry_at: Option<OffsetDateTime>,
    told: Option<Standing>,
}

impl State {
    fn is_current(&self, connection: &Arc<MultiplexedConnection>) -> bool {
        self.connection.as_ref().is_some_and(|current| Arc::ptr_eq(current, connection))
    }
}

/// The state of Redis, as far as it matters to an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Up,
    Away,
    Locked,
    Unfit,
}

/// What a caller may do.
enum Permit {
    Use(Arc<MultiplexedConnection>),
    /// Connect. No other caller does so at the same time.
    Connect,
}

impl CircuitBreaker {
    /// Creates a link that connects on the first call, on the runtime that this function is called on.
    ///
    /// # Panics
    /// Panics outside of a runtime.
    pub(super) fn new(url: RedisUrl, options: RedisOptions, clock: Arc<dyn Clock>) -> Self {
        if url.has_tls() {
            // The Redis client uses the process's default provider. An existing one is kept.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        }
        Self { url, options, clock, runtime: Handle::current(), state: Mutex::default() }
    }

    /// Runs a script. Returns `None` if Redis is unavailable, which is logged once.
    pub(super) async fn run(&self, script: &ScriptInvocation<'_>) -> Option<i64> {
        let mut turn = self.turn()?;
        let attempt = timeout(self.options.timeout, self.attempt(script, &mut turn)).await;
        let answer = attempt.unwrap_or_else(|_elapsed| Err(late(self.options.timeout)));
        match &answer {
            Ok(_) => self.settle(&turn, Standing::Up, None),
            Err(error) => self.settle(&turn, Standing::after(error), Some(error)),
        }
        answer.ok()
    }

    async fn attempt(&self, script: &ScriptInvocation<'_>, turn: &mut Permit) -> RedisResult<i64> {
        if let Permit::Use(connection) = turn {
            match invoke(script, connection).await {
                // Servers and middleboxes close idle connections, which is not an error yet.
                Err(error) if error.is_connection_dropped() && self.replace(connection) => {}
                answer => return answer,
            }
        }
        *turn = Permit::Connect;
        let connection = Arc::new(self.connect().await?);
        let answer = invoke(script, &connection).await?;
        self.lock().connection = Some(connection);
        Ok(answer)
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let client = Client::open(self.url.0.clone())?;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.options.timeout))
            .set_response_timeout(None);
        let connecting = self.runtime.spawn(async move {
            client.get_multiplexed_async_connection_with_config(&config).await
        });
        connecting.await.map_err(io::Error::other)?
    }

    fn turn(&self) -> Option<Permit> {
        let mut state = self.lock();
        match &state.connection {
            Some(connection) => Some(Permit::Use(connection.clone())),
            None if self.is_too_early(&state) => None,
            None => {
                self.put_off(&mut state);
                Some(Permit::Connect)
            }
        }
    }

    fn is_too_early(&self, state: &State) -> bool {
        let now = self.clock.now();
        // A clock that was set back must not extend the pause.
        state.retry_at.is_some_and(|at| now < at && at <= now + self.options.retry_after)
    }

    fn put_off(&self, state: &mut State) {
        state.retry_at = Some(self.clock.now() + self.options.retry_after);
    }

    /// Returns `true` if this caller is the one that replaces a broken connection.
    fn replace(&self, broken: &Arc<MultiplexedConnection>) -> bool {
        let mut state = self.lock();
        let is_current = state.is_current(broken);
        if is_current {
            state.connection = None;
            self.put_off(&mut state);
        }
        is_current
    }

    /// Updates the state after an attempt, and logs the session_context if it differs from the last one logged.
    fn settle(&self, turn: &Permit, session_context: Standing, error: Option<&RedisError>) {
        let mut state = self.lock();
        // A slow call says nothing about a connection that was created in the meantime.
        if matches!(turn, Permit::Use(used) if !state.is_current(used)) {
            return;
        }
        if session_context != Standing::Up {
            state.connection = None;
            self.put_off(&mut state);
        }
        let before = state.told.replace(session_context);
        drop(state);
        if before != Some(session_context) {
            self.report(session_context, error);
        }
    }

    fn report(&self, session_context: Standing, error: Option<&RedisError>) {
        let (redis, error) = (&self.url, error.map(tracing::field::display));
        match session_context {
            Standing::Up => tracing::info!(%redis, "rate limits are counted in Redis"),
            Standing::Away => tracing::warn!(
                %redis,
                error,
                "cannot reach Redis, so this server counts rate limits on its own until it can: check \
                 that Redis is running, and that redis.url (DOORWARD_REDIS_URL) is correct"
            ),
            Standing::Locked => tracing::warn!(
                %redis,
                error,
                "Redis rejects the user or the password, so this server counts rate limits on its own: \
                 correct them in redis.url (DOORWARD_REDIS_URL) and restart the server"
            ),
            Standing::Unfit => tracing::warn!(
                %redis,
                error,
                "Redis rejects commands that rate limits need, so this server counts them on its own until they are \
                 allowed: EVALSHA, SCRIPT LOAD, GET, SET, and DEL on doorward:limit:*, on a primary"
            ),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    fn after(error: &RedisError) -> Self {
        let needs_a_password = error.code() == Some("NOAUTH")
            || error.detail().is_some_and(|detail| detail.contains("Authentication required"));
        if needs_a_password || error.kind() == ErrorKind::AuthenticationFailed {
            Self::Locked
        } else if error.code().is_some() {
            Self::Unfit
        } else {
            Self::Away
        }
    }
}

async fn invoke(
    script: &ScriptInvocation<'_>,
    connection: &Arc<MultiplexedConnection>,
) -> RedisResult<i64> {
    // Clones share one connection.
    let mut connection = MultiplexedConnection::clone(connection);
    script.invoke_async(&mut connection).await
}

fn late(timeout: Duration) -> RedisError {
    let text = format!("no response within {} ms", timeout.as_millis());
    io::Error::new(io::ErrorKind::TimedOut, text).into()
}
