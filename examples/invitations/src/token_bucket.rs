use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use doorward_domain::ports::{Bucket, Clock, Limit, RateLimiter, RetryAfter};
use time::{Duration, OffsetDateTime};

/// A custom rate limiter: a bucket of tokens for each key, which regains one token every few seconds. It never
/// removes buckets, so it suits tests and small services.
pub struct TokenBucket {
    clock: Arc<dyn Clock>,
    most: u32,
    /// When each taken token is regained.
    taken: Mutex<Taken>,
}

impl TokenBucket {
    /// Creates a limiter that allows this many operations per minute, for each limit and key.
    pub fn new(most: u32, clock: Arc<dyn Clock>) -> Self {
        Self { clock, most, taken: Mutex::default() }
    }
}

/// The tokens of a bucket that have not been regained yet.
type Taken = HashMap<(Limit, String), Vec<OffsetDateTime>>;

impl TokenBucket {
    fn with_taken<T>(&self, body: impl FnOnce(&mut Taken) -> T) -> T {
        body(&mut self.taken.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns how long a bucket remains empty; zero if it is not empty.
    fn wait(&self, taken: &mut Taken, bucket: &Bucket, now: OffsetDateTime) -> Duration {
        let returns = taken.entry((bucket.limit, bucket.key.clone())).or_default();
        returns.retain(|at| *at > now);
        let is_empty = returns.len() as u64 >= u64::from(self.most) * u64::from(bucket.times);
        returns.first().filter(|_| is_empty).map_or(Duration::ZERO, |first| *first - now)
    }

    /// Takes a token, which is regained some seconds after the previous one.
    fn take_one(&self, taken: &mut Taken, bucket: &Bucket, now: OffsetDateTime) {
        let returns = taken.entry((bucket.limit, bucket.key.clone())).or_default();
        let last = returns.last().copied().unwrap_or(now);
        returns.push(last + Duration::MINUTE / self.most.saturating_mul(bucket.times));
    }
}

#[async_trait]
impl RateLimiter for TokenBucket {
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter> {
        self.take_any(vec![vec![Bucket::new(limit, key)]]).await.map(drop)
    }

    async fn take_any(&self, groups: Vec<Vec<Bucket>>) -> Result<Vec<Bucket>, RetryAfter> {
        let now = self.clock.now();
        self.with_taken(|taken| {
            let (mut from, mut shortest) = (Vec::new(), None::<Duration>);
            for group in groups {
                let waits = group.iter().map(|bucket| self.wait(taken, bucket, now));
                match waits.max() {
                    Some(wait) if wait.is_positive() => {
                        shortest = Some(shortest.map_or(wait, |other| other.min(wait)));
                    }
                    Some(_) | None => from.extend(group),
                }
            }
            match shortest {
                Some(wait) if from.is_empty() => Err(RetryAfter(wait.unsigned_abs())),
                Some(_) | None => {
                    from.iter().for_each(|bucket| self.take_one(taken, bucket, now));
                    Ok(from)
                }
            }
        })
    }

    async fn release(&self, limit: Limit, key: &str) {
        self.release_all(vec![Bucket::new(limit, key)]).await;
    }

    async fn release_all(&self, buckets: Vec<Bucket>) {
        self.with_taken(|taken| {
            for bucket in buckets {
                if let Some(returns) = taken.get_mut(&(bucket.limit, bucket.key)) {
                    returns.pop();
                }
            }
        });
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

    // Checks the contract that the port's documentation defines for every adapter.
    doorward_conformance::rate_limiter_conformance!(limiter);
}
