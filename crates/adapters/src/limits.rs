//! Limits: how often one client or account may do a thing.

mod memory;
mod redis;

pub use memory::MemoryRateLimiter;
pub use redis::{InvalidRedisUrl, RedisOptions, RedisRateLimiter, RedisUrl};

use async_trait::async_trait;
use doorward_domain::ports::{Bucket, Limit, RateLimiter, RetryAfter};
use time::Duration;

/// How long an empty bucket takes to fill.
const PERIOD: Duration = Duration::MINUTE;

/// No limits at all.
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

    async fn give_back(&self, _limit: Limit, _key: &str) {}

    async fn give_back_all(&self, _buckets: Vec<Bucket>) {}
}

/// How many times a minute each thing may be done, per key.
#[derive(Debug, Clone, Copy)]
pub struct Quotas {
    /// Registrations from one network.
    pub register: u32,
    /// Sign-ins from one network.
    pub login: u32,
    /// Failed sign-ins to one account.
    pub login_failures: u32,
    /// Failed sign-ins to one account from one network, once those of the account are spent.
    pub login_reserve: u32,
    /// Refreshes from one network.
    pub refresh: u32,
    /// Requests from one network that may send a mail.
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
            refresh: 60,
            mail: 5,
            password_check: 240,
            other: 600,
        }
    }
}

impl Quotas {
    /// How many times a minute.
    pub fn per_minute(&self, limit: Limit) -> u32 {
        match limit {
            Limit::Register => self.register,
            Limit::Login => self.login,
            Limit::LoginFailures => self.login_failures,
            Limit::LoginReserve => self.login_reserve,
            Limit::Refresh => self.refresh,
            Limit::Mail => self.mail,
            Limit::PasswordCheck => self.password_check,
            Limit::Other => self.other,
        }
        .max(1)
    }

    /// How long a bucket takes to get one token back.
    fn interval(&self, bucket: &Bucket) -> Duration {
        PERIOD / self.per_minute(bucket.limit).saturating_mul(bucket.times.max(1))
    }
}
