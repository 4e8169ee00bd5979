use std::time::Duration;

use async_trait::async_trait;

use crate::request_context::IpPrefix;

/// Counts the actions of each client or account, and rejects those above a limit.
///
/// Each limit is a token bucket per key, refilled evenly over a minute. Taking and releasing tokens MUST be
/// atomic, so that concurrent callers can't take the same token. A call SHOULD be one round trip, however
/// many buckets it concerns.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes a token from the key's bucket.
    ///
    /// # Errors
    /// Returns [`RetryAfter`] if the bucket is empty. A call after this time succeeds, unless another caller
    /// takes the token first.
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter>;

    /// Takes a token from every bucket of each group in which no bucket is empty. Returns these buckets. A
    /// group in which a bucket is empty MUST lose nothing.
    ///
    /// # Errors
    /// Returns [`RetryAfter`] if every group has an empty bucket. The time is exact, as in
    /// [`RateLimiter::take`].
    async fn take_any(&self, groups: Vec<Vec<Bucket>>) -> Result<Vec<Bucket>, RetryAfter>;

    /// Returns a token to the key's bucket, for example after a sign-in that turned out to be successful.
    async fn release(&self, limit: Limit, key: &str);

    /// Returns a token to each of these buckets.
    async fn release_all(&self, buckets: Vec<Bucket>);
}

/// A token bucket.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// What is limited.
    pub limit: Limit,
    /// The client or account that the bucket belongs to.
    pub key: String,
    /// The capacity, as a multiple of the limit's. A key MUST always be used with the same multiple.
    pub times: u32,
}

impl Bucket {
    /// Creates a bucket with the capacity of the limit.
    pub fn new(limit: Limit, key: impl Into<String>) -> Self {
        Self { limit, key: key.into(), times: 1 }
    }

    /// Creates the buckets of a network and of the wider networks that contain it. `before` is put before the
    /// name of each network in the key.
    pub fn of_network(limit: Limit, before: &str, network: IpPrefix) -> Vec<Self> {
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
    /// Sign-ins from one network, successful or not.
    Login,
    /// Failed sign-ins to one account.
    LoginFailures,
    /// Failed sign-ins to one account from one network, once [`Limit::LoginFailures`] is spent by others.
    LoginReserve,
    /// Costly requests of one account: passwords, correct or not, that are hashed before those of unrecognized clients,
    /// and renewals of sessions.
    RecognizedHashes,
    /// Refreshes from one network.
    Refresh,
    /// Requests from one network that may send an email.
    Mail,
    /// Checks of a new password while the user types it, from one network.
    PasswordCheck,
    /// All other requests from one network.
    Other,
}

/// The time until the bucket has a token again; returned by [`RateLimiter`].
///
/// ```
/// use std::time::Duration;
///
/// use doorward_domain::ports::RetryAfter;
///
/// let retry_after = RetryAfter(Duration::from_millis(1_200));
/// assert_eq!(retry_after.seconds(), 2);
/// assert_eq!(retry_after.to_string(), "too many requests: try again in 2 s");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("too many requests: try again in {} s", self.seconds())]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// Returns the time for the `Retry-After` header (RFC 9110, section 10.2.3): whole seconds, rounded up,
    /// at least 1.
    pub fn seconds(&self) -> u64 {
        self.0.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX)
    }
}
