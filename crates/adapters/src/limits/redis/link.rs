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

/// The one connection to Redis, and whether it is worth a try: a circuit breaker.
///
/// While Redis is away nobody waits for it, but for one caller every now and then who finds out
/// whether it is back.
pub(super) struct Link {
    url: RedisUrl,
    options: RedisOptions,
    clock: Arc<dyn Clock>,
    /// Where the connection lives: callers may be on runtimes that end before it.
    runtime: Handle,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connection: Option<Arc<MultiplexedConnection>>,
    /// Nobody tries to connect before this.
    retry_at: Option<OffsetDateTime>,
    told: Option<Standing>,
}

impl State {
    fn is_current(&self, connection: &Arc<MultiplexedConnection>) -> bool {
        self.connection.as_ref().is_some_and(|current| Arc::ptr_eq(current, connection))
    }
}

/// How it stands with Redis, as far as an operator can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Up,
    Away,
    Locked,
    Unfit,
}

/// What a caller does.
enum Turn {
    Use(Arc<MultiplexedConnection>),
    /// Connects, as the only one.
    Connect,
}

impl Link {
    /// Connects at the first call, on the runtime that this is called on.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub(super) fn new(url: RedisUrl, options: RedisOptions, clock: Arc<dyn Clock>) -> Self {
        if url.has_tls() {
            // The Redis client takes the process's provider. Where there is one already, it stays.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        }
        Self { url, options, clock, runtime: Handle::current(), state: Mutex::default() }
    }

    /// Runs a script. Answers nothing if Redis is away, which the log tells once.
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

    async fn attempt(&self, script: &ScriptInvocation<'_>, turn: &mut Turn) -> RedisResult<i64> {
        if let Turn::Use(connection) = turn {
            match invoke(script, connection).await {
                // Servers and what is between cut idle connections, which is no trouble yet.
                Err(error) if error.is_connection_dropped() && self.replace(connection) => {}
                answer => return answer,
            }
        }
        *turn = Turn::Connect;
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

    fn turn(&self) -> Option<Turn> {
        let mut state = self.lock();
        match &state.connection {
            Some(connection) => Some(Turn::Use(connection.clone())),
            None if self.is_too_early(&state) => None,
            None => {
                self.put_off(&mut state);
                Some(Turn::Connect)
            }
        }
    }

    fn is_too_early(&self, state: &State) -> bool {
        let now = self.clock.now();
        // A clock that was set back must not keep Redis away for longer.
        state.retry_at.is_some_and(|at| now < at && at <= now + self.options.retry_after)
    }

    fn put_off(&self, state: &mut State) {
        state.retry_at = Some(self.clock.now() + self.options.retry_after);
    }

    /// Whether it is this caller who makes another connection in the place of a broken one.
    fn replace(&self, broken: &Arc<MultiplexedConnection>) -> bool {
        let mut state = self.lock();
        let is_current = state.is_current(broken);
        if is_current {
            state.connection = None;
            self.put_off(&mut state);
        }
        is_current
    }

    /// Draws the conclusions from how a turn went, and tells the log if it stands otherwise than was
    /// told before.
    fn settle(&self, turn: &Turn, standing: Standing, error: Option<&RedisError>) {
        let mut state = self.lock();
        // A call that was slow says nothing of the connection that another has made since.
        if matches!(turn, Turn::Use(used) if !state.is_current(used)) {
            return;
        }
        if standing != Standing::Up {
            state.connection = None;
            self.put_off(&mut state);
        }
        let before = state.told.replace(standing);
        drop(state);
        if before != Some(standing) {
            self.tell(standing, error);
        }
    }

    fn tell(&self, standing: Standing, error: Option<&RedisError>) {
        let (redis, error) = (&self.url, error.map(tracing::field::display));
        match standing {
            Standing::Up => tracing::info!(%redis, "limits are counted in Redis"),
            Standing::Away => tracing::warn!(
                %redis,
                error,
                "Redis can't be reached, so this server counts limits by itself until it can: see \
                 that Redis runs, and that redis_url (DOORWARD_REDIS_URL) leads there"
            ),
            Standing::Locked => tracing::warn!(
                %redis,
                error,
                "Redis refuses the user or the password, so this server counts limits by itself: \
                 put the right ones into redis_url (DOORWARD_REDIS_URL) and start it again"
            ),
            Standing::Unfit => tracing::warn!(
                %redis,
                error,
                "Redis refuses what limits need, so this server counts them by itself until it is \
                 allowed: EVALSHA, SCRIPT LOAD, GET, SET and DEL on doorward:limit:*, at a primary"
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
    // Clones share the connection.
    let mut connection = MultiplexedConnection::clone(connection);
    script.invoke_async(&mut connection).await
}

fn late(timeout: Duration) -> RedisError {
    let text = format!("there was no answer within {} ms", timeout.as_millis());
    io::Error::new(io::ErrorKind::TimedOut, text).into()
}
