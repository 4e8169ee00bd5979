use std::time::Duration;

use async_trait::async_trait;

use crate::client::Network;

/// Counts what one client or account does, and says when it is too much.
///
/// Each limit is a bucket of tokens for each key, refilled evenly over a minute. Taking and giving
/// back MUST be atomic, so that callers at the same moment can't take the same token. A call SHOULD be one round trip,
/// whatever the number of buckets.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes a token from the key's bucket.
    ///
    /// # Errors
    /// The bucket is empty. The time in the answer is honest: a call after it succeeds, if nobody
    /// else takes the token first.
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter>;

    /// Takes a token from every bucket of each group in which no bucket is empty, and returns these buckets. A group
    /// in which a bucket is empty MUST lose nothing.
    ///
    /// # Errors
    /// There is an empty bucket in every group. The time is honest as that of [`RateLimiter::take`].
    async fn take_any(&self, groups: Vec<Vec<Bucket>>) -> Result<Vec<Bucket>, RetryAfter>;

    /// Gives back a token that was taken on suspicion.
    async fn give_back(&self, limit: Limit, key: &str);

    /// Gives a token back to each of these buckets.
    async fn give_back_all(&self, buckets: Vec<Bucket>);
}

/// A bucket that tokens are taken from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// What is limited.
    pub limit: Limit,
    /// Whose it is.
    pub key: String,
    /// How many times what the limit allows it holds. A key MUST always be used with the same number.
    pub times: u32,
}

impl Bucket {
    /// The bucket of a key that holds what the limit allows.
    pub fn new(limit: Limit, key: impl Into<String>) -> Self {
        Self { limit, key: key.into(), times: 1 }
    }

    /// The buckets of a network and of the wider ones around it, each for what comes before its name in the key.
    pub fn of_network(limit: Limit, before: &str, network: Network) -> Vec<Self> {
        let prefixes = network.prefixes().into_iter();
        prefixes
            .map(|(text, times)| Self { limit, key: format!("{before}{text}"), times })
            .collect()
    }
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Registrations from one network.
    Register,
    /// Sign-ins from one network, good or bad.
    Login,
    /// Failed sign-ins to one account.
    LoginFailures,
    /// Failed sign-ins to one account from one network, once [`Limit::LoginFailures`] is spent by others.
    LoginReserve,
    /// Refreshes from one network.
    Refresh,
    /// Requests from one network that may send a mail.
    Mail,
    /// Checks of a new password while it is typed, from one network.
    PasswordCheck,
    /// All other requests from one network.
    Other,
}

/// The bucket is empty for this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("too many requests: try again in {} s", self.seconds())]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// The time as the `Retry-After` header has it: whole seconds, rounded up, at least one.
    pub fn seconds(&self) -> u64 {
        self.0.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX)
    }
}
