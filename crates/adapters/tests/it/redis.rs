//! Rate limits in Redis: shared between replicas, and counted per process while Redis is unavailable.

use std::{ops::Deref, sync::Arc, time::Duration};

use doorward_adapters::{
    limits::{Quotas, RedisOptions, RedisRateLimiter},
    secret::MasterKey,
};
use doorward_domain::{
    mock::FrozenClock,
    ports::{Limit, RateLimiter},
};
use doorward_testing::{Conduct, PATIENCE, TestRedis};
use redis::cmd;
use tokio::{net::TcpListener, time::Instant};

/// The URL of a Redis server that doesn't exist.
pub(crate) const NOWHERE: &str = "redis+unix:///does/not/exist";

/// With these options, keys don't expire while the clock of the tests is frozen.
const OPTIONS: RedisOptions = RedisOptions {
    timeout: PATIENCE,
    retry_after: Duration::from_secs(1),
    linger: Duration::from_secs(600),
};

/// Sign-ins per minute.
const LOGINS: u32 = 20;

pub(crate) fn limiter(url: &str, clock: Arc<FrozenClock>) -> RedisRateLimiter {
    limiter_with(url, OPTIONS, "a", clock)
}

fn limiter_with(
    url: &str,
    options: RedisOptions,
    secret: &str,
    clock: Arc<FrozenClock>,
) -> RedisRateLimiter {
    let secret = MasterKey::new(&secret.repeat(MasterKey::MIN_LENGTH)).unwrap();
    RedisRateLimiter::new(url.parse().unwrap(), options, Quotas::default(), &secret, clock)
}

/// A limiter with a Redis server that must be available all the time.
pub(crate) struct Shared {
    limiter: RedisRateLimiter,
    redis: TestRedis,
}

impl Shared {
    pub(crate) async fn start(clock: Arc<FrozenClock>) -> Self {
        let redis = TestRedis::start().await;
        let limiter = limiter(redis.url(), clock);
        assert!(limiter.connect().await);
        Self { limiter, redis }
    }

    async fn keys(&self) -> Vec<String> {
        self.redis.ask(cmd("KEYS").arg("*")).await
    }
}

impl Deref for Shared {
    type Target = RedisRateLimiter;

    fn deref(&self) -> &RedisRateLimiter {
        &self.limiter
    }
}

impl Drop for Shared {
    /// Ensures that the test used Redis, and not the counts in memory.
    fn drop(&mut self) {
        assert!(self.limiter.fallbacks() == 0 || std::thread::panicking());
    }
}

fn clock() -> Arc<FrozenClock> {
    Arc::new(FrozenClock::default())
}

/// Returns how many sign-ins are allowed.
async fn exhaust(limiter: &RedisRateLimiter) -> u32 {
    for taken in 0..=LOGINS {
        if limiter.take(Limit::Login, "ann").await.is_err() {
            return taken;
        }
    }
    panic!("more than {LOGINS} sign-ins were allowed");
}

#[tokio::test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
async fn servers_with_one_redis_share_buckets() {
    let clock = clock();
    let one = Shared::start(clock.clone()).await;
    let two = limiter(one.redis.url(), clock);
    for _ in 0..LOGINS / 2 {
        assert_eq!(one.take(Limit::Login, "ann").await, Ok(()));
        assert_eq!(two.take(Limit::Login, "ann").await, Ok(()));
    }
    assert!(one.take(Limit::Login, "ann").await.is_err());
    assert!(two.take(Limit::Login, "ann").await.is_err());
    two.release(Limit::Login, "ann").await;
    assert_eq!(exhaust(&one).await, 1);
}

#[tokio::test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
async fn servers_with_different_secrets_share_no_buckets() {
    let clock = clock();
    let one = Shared::start(clock.clone()).await;
    exhaust(&one).await;
    let stranger = limiter_with(one.redis.url(), OPTIONS, "b", clock);
    assert_eq!(exhaust(&stranger).await, LOGINS);
}

#[tokio::test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
async fn fast_clock_blocks_a_bucket_no_longer_than_a_full_refill() {
    let (early, late) = (clock(), clock());
    late.advance(time::Duration::HOUR);
    let one = Shared::start(late).await;
    exhaust(&one).await;
    let two = limiter(one.redis.url(), early.clone());
    assert_eq!(exhaust(&two).await, 0);
    early.advance(time::Duration::MINUTE);
    assert_eq!(exhaust(&two).await, 0, "one wrote a time that is in the future for two");
    let wait = two.take(Limit::Login, "ann").await.unwrap_err().0;
    assert_eq!(wait, Duration::from_secs(60) / LOGINS);
}

#[tokio::test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
async fn redis_keys_contain_no_user_data() {
    let shared = Shared::start(clock()).await;
    for limit in [Limit::Login, Limit::LoginFailures, Limit::Mail] {
        shared.take(limit, "ann@example.com 198.51.100.1").await.unwrap();
    }
    let keys = shared.keys().await;
    assert_eq!(keys.len(), 3);
    for key in keys {
        assert!(key.starts_with("doorward:limit:"), "{key}");
        let value: String = shared.redis.ask(cmd("GET").arg(&key)).await;
        let text = format!("{key}={value}").to_lowercase();
        assert!(!text.contains("ann") && !text.contains("198.51"), "{text}");
        assert!(value.parse::<u64>().is_ok(), "{value}");
    }
}

#[tokio::test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
async fn redis_key_expires_when_its_bucket_is_full() {
    let shared = Shared::start(clock()).await;
    shared.take(Limit::Login, "ann").await.unwrap();
    let keys = shared.keys().await;
    let left: u64 = shared.redis.ask(cmd("PTTL").arg(&keys[0])).await;
    // One token is regained in its fraction of a minute.
    let longest = Duration::from_secs(60) / LOGINS + OPTIONS.linger;
    assert!(left > 0 && u128::from(left) <= longest.as_millis(), "{left}");
    shared.release(Limit::Login, "ann").await;
    assert!(shared.keys().await.is_empty());
}

#[tokio::test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
async fn redis_without_data_starts_with_full_buckets() {
    let shared = Shared::start(clock()).await;
    exhaust(&shared).await;
    let () = shared.redis.ask(&cmd("FLUSHDB")).await;
    let () = shared.redis.ask(cmd("SCRIPT").arg("FLUSH")).await;
    assert_eq!(exhaust(&shared).await, LOGINS);
}

#[tokio::test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
async fn dropped_redis_connection_is_replaced_transparently() {
    let redis = TestRedis::start().await;
    let relay = redis.behind_relay().await;
    let limiter = limiter(relay.url(), clock());
    for _ in 0..LOGINS / 2 {
        assert_eq!(limiter.take(Limit::Login, "ann").await, Ok(()));
    }
    relay.hang_up().await;
    assert_eq!(exhaust(&limiter).await, LOGINS / 2);
    assert_eq!((relay.accepted(), limiter.fallbacks()), (2, 0));
}

#[tokio::test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
async fn servers_count_alone_during_a_redis_outage_and_share_again_after_it() {
    let redis = TestRedis::start().await;
    let relay = redis.behind_relay().await;
    let clock = clock();
    let one = limiter(relay.url(), clock.clone());
    let two = limiter(relay.url(), clock.clone());
    assert_eq!((exhaust(&one).await, exhaust(&two).await), (LOGINS, 0));

    relay.set(Conduct::Away).await;
    assert_eq!((exhaust(&one).await, exhaust(&two).await), (LOGINS, LOGINS));
    assert_eq!(one.fallbacks(), u64::from(LOGINS) + 1);
    assert!(!one.connect().await);

    relay.set(Conduct::Forward).await;
    assert!(!one.connect().await, "the pause has not passed");
    clock.advance(time::Duration::SECOND);
    assert!(one.connect().await && two.connect().await);
    assert_eq!((exhaust(&one).await, exhaust(&two).await), (0, 0));
    clock.advance(time::Duration::MINUTE);
    assert_eq!((exhaust(&one).await, exhaust(&two).await), (LOGINS, 0));
}

#[tokio::test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
async fn unresponsive_redis_delays_only_one_call() {
    let redis = TestRedis::start().await;
    let relay = redis.behind_relay().await;
    let clock = clock();
    let limiter = limiter(relay.url(), clock.clone());
    assert!(limiter.connect().await);

    relay.set(Conduct::Silent).await;
    // From here on, tokio advances the time whenever all tasks are waiting.
    tokio::time::pause();
    let start = Instant::now();
    assert_eq!(exhaust(&limiter).await, LOGINS);
    assert_eq!(start.elapsed().as_secs(), OPTIONS.timeout.as_secs());
    tokio::time::resume();

    relay.set(Conduct::Forward).await;
    clock.advance(time::Duration::SECOND);
    assert!(limiter.connect().await);
}

#[tokio::test(start_paused = true)]
async fn hung_redis_costs_one_timeout_per_retry() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let clock = clock();
    let limiter = limiter_with(&url, RedisOptions::default(), "a", clock.clone());
    let timeout = u64::try_from(RedisOptions::default().timeout.as_millis()).unwrap();
    let start = Instant::now();
    let waited = || u64::try_from(start.elapsed().as_millis()).unwrap();
    assert_eq!(exhaust(&limiter).await, LOGINS);
    assert!((timeout..=timeout + 1).contains(&waited()), "{} ms", waited());
    clock.advance(time::Duration::SECOND);
    exhaust(&limiter).await;
    assert!((2 * timeout..=2 * timeout + 2).contains(&waited()), "{} ms", waited());
    assert_eq!(limiter.fallbacks(), u64::from(LOGINS) + 2);
}

#[tokio::test(start_paused = true)]
async fn clock_set_back_does_not_extend_the_redis_retry_pause() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let clock = clock();
    let limiter = limiter_with(&url, RedisOptions::default(), "a", clock.clone());
    let start = Instant::now();
    limiter.connect().await;
    let once = start.elapsed();
    limiter.connect().await;
    assert_eq!(start.elapsed(), once, "the pause has not passed");
    clock.advance(-time::Duration::HOUR);
    limiter.connect().await;
    assert!(start.elapsed() > once, "Redis was not tried again");
}
