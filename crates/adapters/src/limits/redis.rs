//! Limits that replicas share, in Redis or Valkey.

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

use self::link::Link;
use super::{MemoryRateLimiter, PERIOD, Quotas};
use crate::secret::MasterSecret;

/// A key that nothing is ever taken from.
const START: &str = "doorward:limit:start";

/// What came of a call.
enum Spent {
    /// The groups of these bits, the lowest for the first, were taken from.
    From(u64),
    /// None was, and one can be after this time.
    Missing(RetryAfter),
}

/// How Redis is talked to.
#[derive(Debug, Clone, Copy)]
pub struct RedisOptions {
    /// How long one call waits for Redis before it goes on without.
    pub timeout: Duration,
    /// How long nobody asks again, by the limiter's clock, after Redis has not answered.
    pub retry_after: Duration,
    /// How long a key outlives the moment at which its bucket is full, by Redis's own clock: as much
    /// as the clocks of replicas differ.
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

/// Token buckets in Redis or Valkey, so that servers with one master secret share them.
///
/// A call is one script, which is atomic, by the algorithm of [`MemoryRateLimiter`]. Time is that of
/// the clock port: to a replica whose clock is behind, buckets are emptier by as much. Keys are
/// MACs, so Redis never holds an address or a name, and expire when their bucket is full.
///
/// While Redis does not answer, or not in time, this process counts for itself in memory, from full
/// buckets on: nothing is ever unlimited. The log tells when that begins and when it ends.
pub struct RedisRateLimiter {
    link: Link,
    script: Script,
    names: hmac::Key,
    quotas: Quotas,
    clock: Arc<dyn Clock>,
    linger: Duration,
    own: MemoryRateLimiter,
    fallbacks: AtomicU64,
}

impl RedisRateLimiter {
    /// Counts in this Redis by these quotas and this clock. It connects at the first call, on the
    /// runtime that this is called on.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub fn new(
        url: RedisUrl,
        options: RedisOptions,
        quotas: Quotas,
        secret: &MasterSecret,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            link: Link::new(url, options, clock.clone()),
            script: Script::new(include_str!("redis/bucket.lua")),
            names: hmac::Key::new(hmac::HMAC_SHA256, &secret.derive::<32>("doorward limits")),
            quotas,
            clock: clock.clone(),
            linger: options.linger,
            own: MemoryRateLimiter::new(quotas, clock),
            fallbacks: AtomicU64::new(0),
        }
    }

    /// Connects ahead of the first call, so that what is wrong is in the log from the start. Answers
    /// whether limits are shared.
    pub async fn connect(&self) -> bool {
        // Nothing taken from a bucket that nobody uses does all that a call does.
        self.spend(&[(START.to_owned(), 0, 1)]).await.is_some()
    }

    /// How many calls this process has answered by itself because Redis did not.
    pub fn fallbacks(&self) -> u64 {
        self.fallbacks.load(Ordering::Relaxed)
    }

    /// Takes from buckets, of which each has a name, how many microseconds are taken, and the number of its group.
    /// Returns nothing if Redis is unavailable.
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

    /// The key of a bucket, which tells the limit and not whose it is.
    fn name(&self, Bucket { limit, key, .. }: &Bucket) -> String {
        let limit = match limit {
            Limit::Register => "register",
            Limit::Login => "login",
            Limit::LoginFailures => "login-failures",
            Limit::LoginReserve => "login-reserve",
            Limit::Refresh => "refresh",
            Limit::Mail => "mail",
            Limit::PasswordCheck => "password-check",
            Limit::Other => "other",
        };
        let mac = hmac::sign(&self.names, format!("{limit}:{key}").as_bytes());
        // Half of it is plenty for no two to be the same, and Redis keeps all keys in memory.
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

    async fn give_back(&self, limit: Limit, key: &str) {
        self.give_back_all(vec![Bucket::new(limit, key)]).await;
    }

    /// Where Redis went away in between, the token stays taken there for at most a minute.
    async fn give_back_all(&self, buckets: Vec<Bucket>) {
        let returned: Vec<_> =
            buckets.iter().map(|bucket| (self.name(bucket), -self.cost(bucket), 1)).collect();
        if self.spend(&returned).await.is_none() {
            self.fall_back().give_back_all(buckets).await;
        }
    }
}

impl fmt::Debug for RedisRateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisRateLimiter").field("quotas", &self.quotas).finish_non_exhaustive()
    }
}
