//! Rate limits per client and account.

mod memory;
mod redis;

pub use memory::MemoryRateLimiter;
pub use redis::{InvalidRedisUrl, RedisOptions, RedisRateLimiter, RedisUrl};

use async_trait::async_trait;
use doorward_domain::ports::{Bucket, Limit, RateLimiter, RetryAfter};
use time::Duration;

/// The time in which an empty bucket refills completely.
const PERIOD: Duration = Duration::MINUTE;

/// A rate limiter that allows everything.
#[derive(Debug, Default, Clone, Copy)]
pub struct Unlimited;

#[async_trait]
impl RateLimiter for Unlimited {
    async fn take(&self, _limit: Limit, _key: &str) -> Result<(), RetryAfter> {
        Ok(())
    }

    async fn take_any(&self, _groups: Vec<Vec<Bucket>>) -> Result<Vec<Bucket>, RetryAfter> {
        Ok(Vec::new())
    }

    async fn release(&self, _limit: Limit, _key: &str) {}

    async fn release_all(&self, _buckets: Vec<Bucket>) {}
}

/// The number of operations allowed per minute and key.
#[derive(Debug, Clone, Copy)]
pub struct Quotas {
    /// Registrations from one network.
    pub register: u32,
    /// Sign-ins from one network.
    pub login: u32,
    /// Failed sign-ins to one account.
    pub login_failures: u32,
    /// Failed sign-ins to one account from one network, once the account's own limit is exhausted.
    pub login_reserve: u32,
    /// Passwords of one account that are hashed before those of unrecognized clients.
    pub recognized_hashes: u32,
    /// Refreshes from one network.
    pub refresh: u32,
    /// Requests from one network that may send an email.
    pub mail: u32,
    /// Checks of a new password while it is typed, from one network.
    pub password_check: u32,
    /// All other requests from one network.
    pub other: u32,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            register: 10,
            login: 20,
            login_failures: 10,
            login_reserve: 2,
            recognized_hashes: 10,
            refresh: 60,
            mail: 5,
            password_check: 120,
            other: 600,
        }
    }
}

impl Quotas {
    /// Returns the number of operations allowed per minute.
    pub fn per_minute(&self, limit: Limit) -> u32 {
        match limit {
            Limit::Register => self.register,
            Limit::Login => self.login,
            Limit::LoginFailures => self.login_failures,
            Limit::LoginReserve => self.login_reserve,
            Limit::RecognizedHashes => self.recognized_hashes,
            Limit::Refresh => self.refresh,
            Limit::Mail => self.mail,
            Limit::PasswordCheck => self.password_check,
            Limit::Other => self.other,
        }
        .max(1)
    }

    /// Returns the time in which the bucket regains one token.
    fn interval(&self, bucket: &Bucket) -> Duration {
        PERIOD / self.per_minute(bucket.limit).saturating_mul(bucket.times.max(1))
    }
}
