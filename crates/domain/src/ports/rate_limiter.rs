use std::time::Duration;

use async_trait::async_trait;

/// Counts what one client or account does, and says when it is too much.
///
/// Each limit is a bucket of tokens for each key, refilled evenly over a minute. Taking and giving
/// back MUST be atomic, so that callers at the same moment can't take the same token.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes a token from the key's bucket.
    ///
    /// # Errors
    /// The bucket is empty. The time in the answer is honest: a call after it succeeds, if nobody
    /// else takes the token first.
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter>;

    /// Gives back a token that was taken on suspicion.
    async fn give_back(&self, limit: Limit, key: &str);
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests: try again in {} s", self.seconds())]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// The time as the `Retry-After` header has it: whole seconds, rounded up, at least one.
    pub fn seconds(&self) -> u64 {
        self.0.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX)
    }
}
