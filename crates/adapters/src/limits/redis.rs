//! Rate limits that replicas share, in Redis or Valkey.

mod link;
mod url;

pub use url::{InvalidRedisUrl, RedisUrl};

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use doorward_domain::ports::{Bucket, Clock, Limit, RateLimiter, RetryAfter};
use redis::Script;

use self::link::CircuitBreaker;
use super::{MemoryRateLimiter, PERIOD, Quotas};
use crate::secret::MasterKey;

/// A key that no token is ever taken from.
const START: &str = "doorward:limit:start";

/// The outcome of a call.
enum Spent {
    /// Tokens were taken from the groups with these bits; the lowest bit is the first group.
    From(u64),
    /// No tokens were taken. They will be available after this time.
    Missing(RetryAfter),
}

/// Timeouts for Redis.
#[derive(Debug, Clone, Copy)]
pub struct RedisOptions {
    /// How long a call waits for Redis before it falls back to this process's own counts.
    pub timeout: Duration,
    /// How long, by the limiter's clock, no call tries Redis after Redis has failed to respond.
    pub retry_after: Duration,
    /// How long a key is kept after its bucket is full, by Redis's own clock: the maximum difference between the
    /// clocks of replicas.
    pub linger: Duration,
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_millis(250),
            retry_after: Duration::from_secs(1),
            linger: Duration::from_secs(1),
        }
    }
}

/// Token buckets in Redis or Valkey, shared by servers with the same master key.
///
/// A call runs one script, which is atomic, with the algorithm of [`MemoryRateLimiter`]. Times come from the clock
/// port: for a replica whose clock is behind, buckets appear emptier by the difference. Keys are MACs, so Redis
/// never stores an address or a name, and they expire when their bucket is full.
///
/// While Redis does not respond in time, this process counts in its own memory, starting with full buckets, so
/// limits always apply. The start and the end of such a period are logged.
pub struct RedisRateLimiter {
    link: CircuitBreaker,
    script: Script,
    names: hmac::Key,
    quotas: Quotas,
    clock: Arc<dyn Clock>,
    linger: Duration,
    own: MemoryRateLimiter,
    fallbacks: AtomicU64,
}

impl RedisRateLimiter {
    /// Creates a rate limiter with this Redis server, these quotas, and this clock. It connects on the first call,
    /// on the runtime that this function is called on.
    ///
    /// # Panics
    /// Panics outside of a runtime.
    pub fn new(
        url: RedisUrl,
        options: RedisOptions,
        quotas: Quotas,
        secret: &MasterKey,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            link: CircuitBreaker::new(url, options, clock.clone()),
            script: Script::new(include_str!("redis/bucket.lua")),
            names: hmac::Key::new(hmac::HMAC_SHA256, &secret.derive::<32>("doorward limits")),
            quotas,
            clock: clock.clone(),
            linger: options.linger,
            own: MemoryRateLimiter::new(quotas, clock),
            fallbacks: AtomicU64::new(0),
        }
    }

    /// Connects before the first call, so that configuration problems are logged at startup. Returns `true` if
    /// limits are shared.
    pub async fn connect(&self) -> bool {
        // Taking no tokens from an unused bucket does everything that a call does.
        self.spend(&[(START.to_owned(), 0, 1)]).await.is_some()
    }

    /// Returns the number of calls that were counted in this process, because Redis was unavailable.
    pub fn fallbacks(&self) -> u64 {
        self.fallbacks.load(Ordering::Relaxed)
    }

    /// Takes tokens from buckets, each given by its key, the number of microseconds to take, and the number of its
    /// group. Returns `None` if Redis is unavailable.
    async fn spend(&self, buckets: &[(String, i64, usize)]) -> Option<Spent> {
        let now = self.clock.now().unix_timestamp_nanos() / 1000;
        let mut script = self.script.prepare_invoke();
        script.arg(i64::try_from(now).ok()?);
        script.arg(micros(PERIOD.unsigned_abs())).arg(micros(self.linger));
        for (name, microseconds, group) in buckets {
            script.key(name).arg(*microseconds).arg(*group);
        }
        let answer = self.link.run(&script).await?;
        Some(match u64::try_from(answer) {
            Ok(missing) => Spent::Missing(RetryAfter(Duration::from_micros(missing))),
            Err(_negative) => Spent::From(answer.unsigned_abs()),
        })
    }

    fn cost(&self, bucket: &Bucket) -> i64 {
        micros(self.quotas.interval(bucket).unsigned_abs()).max(1)
    }

    /// Returns the key of a bucket. It shows the limit, but not the client or account.
    fn name(&self, Bucket { limit, key, .. }: &Bucket) -> String {
        let limit = match limit {
            Limit::Register => "register",
            Limit::Login => "login",
            Limit::LoginFailures => "login-failures",
            Limit::LoginReserve => "login-reserve",
            Limit::RecognizedHashes => "recognized-hashes",
            Limit::Refresh => "refresh",
            Limit::Mail => "mail",
            Limit::PasswordCheck => "password-check",
            Limit::Other => "other",
        };
        let mac = hmac::sign(&self.names, format!("{limit}:{key}").as_bytes());
        // Half of the MAC is enough to avoid collisions, and Redis keeps all keys in memory.
        let half = mac.as_ref().first_chunk::<16>().copied().unwrap_or_default();
        format!("doorward:limit:{limit}:{}", BASE64_URL_SAFE_NO_PAD.encode(half))
    }

    fn fall_back(&self) -> &MemoryRateLimiter {
        self.fallbacks.fetch_add(1, Ordering::Relaxed);
        &self.own
    }
}

fn micros(duration: Duration) -> i64 {
    duration.as_micros().try_into().unwrap_or(i64::MAX)
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter> {
        self.take_any(vec![vec![Bucket::new(limit, key)]]).await.map(drop)
    }

    async fn take_any(&self, groups: Vec<Vec<Bucket>>) -> Result<Vec<Bucket>, RetryAfter> {
        let numbered = (1..).zip(&groups).flat_map(|(number, group)| {
            group.iter().map(move |bucket| (self.name(bucket), self.cost(bucket), number))
        });
        match self.spend(&numbered.collect::<Vec<_>>()).await {
            Some(Spent::From(bits)) => {
                let taken =
                    groups.into_iter().enumerate().filter(|(index, _)| bits >> index & 1 == 1);
                Ok(taken.flat_map(|(_, group)| group).collect())
            }
            Some(Spent::Missing(wait)) => Err(wait),
            None => self.fall_back().take_any(groups).await,
        }
    }

    async fn release(&self, limit: Limit, key: &str) {
        self.release_all(vec![Bucket::new(limit, key)]).await;
    }

    /// If Redis fails in between, the token remains taken there for at most a minute.
    async fn release_all(&self, buckets: Vec<Bucket>) {
        let returned: Vec<_> =
            buckets.iter().map(|bucket| (self.name(bucket), -self.cost(bucket), 1)).collect();
        if self.spend(&returned).await.is_none() {
            self.fall_back().release_all(buckets).await;
        }
    }
}

impl fmt::Debug for RedisRateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisRateLimiter").field("quotas", &self.quotas).finish_non_exhaustive()
    }
}
