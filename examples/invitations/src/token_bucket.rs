use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use doorward_domain::ports::{Clock, Limit, RateLimiter, RetryAfter};
use time::{Duration, OffsetDateTime};

/// A limiter of this service's own, after its own fashion: a bucket of tokens for each key, of which one comes
/// back every few seconds. It forgets nothing, so it is for tests and small services.
pub struct TokenBucket {
    clock: Arc<dyn Clock>,
    most: u32,
    /// When each token that was taken comes back.
    taken: Mutex<HashMap<(Limit, String), Vec<OffsetDateTime>>>,
}

impl TokenBucket {
    /// Lets so much happen a minute, for each limit and key.
    pub fn new(most: u32, clock: Arc<dyn Clock>) -> Self {
        Self { clock, most, taken: Mutex::default() }
    }
}

#[async_trait]
impl RateLimiter for TokenBucket {
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter> {
        let now = self.clock.now();
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let returns = taken.entry((limit, key.to_owned())).or_default();
        returns.retain(|at| *at > now);
        if returns.len() as u64 >= u64::from(self.most) {
            let first = returns.first().copied().unwrap_or(now);
            return Err(RetryAfter((first - now).unsigned_abs()));
        }
        // Tokens come back one by one, each after the one before.
        let last = returns.last().copied().unwrap_or(now);
        returns.push(last + Duration::MINUTE / self.most);
        Ok(())
    }

    async fn give_back(&self, limit: Limit, key: &str) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(returns) = taken.get_mut(&(limit, key.to_owned())) {
            returns.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use doorward_domain::mock::FrozenClock;

    use super::*;

    async fn limiter() -> (Box<TokenBucket>, Arc<FrozenClock>) {
        let clock = Arc::new(FrozenClock::default());
        (Box::new(TokenBucket::new(12, clock.clone())), clock)
    }

    // Whether it does what the port's documentation says that every adapter must.
    doorward_conformance::rate_limiter_conformance!(limiter);
}
