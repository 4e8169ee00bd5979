use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use doorward_domain::ports::{Clock, Limit, RateLimiter, RetryAfter};
use time::OffsetDateTime;

use super::{PERIOD, Quotas};

const SHARDS: usize = 64;

/// A shard this large is looked through for buckets that are full again.
const SWEEP_ABOVE: usize = 1024;

/// Token buckets in this process's memory, by the generic cell rate algorithm (ITU-T I.371): of a
/// bucket only the time at which it will be full again is kept.
///
/// No bucket that is not full is ever forgotten, so a flood of other keys resets nobody's count.
pub struct MemoryRateLimiter {
    clock: Arc<dyn Clock>,
    quotas: Quotas,
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<(Limit, String), OffsetDateTime>>>,
}

impl MemoryRateLimiter {
    /// Counts by these quotas and this clock.
    pub fn new(quotas: Quotas, clock: Arc<dyn Clock>) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { clock, quotas, hasher: RandomState::new(), shards }
    }

    fn with_bucket<T>(
        &self,
        limit: Limit,
        key: &str,
        body: impl FnOnce(&mut OffsetDateTime, OffsetDateTime) -> T,
    ) -> Option<T> {
        let now = self.clock.now();
        let key = (limit, key.to_owned());
        let index = self.hasher.hash_one(&key) as usize % SHARDS;
        let mut shard = self.shards.get(index)?.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() > SWEEP_ABOVE && shard.len() == shard.capacity() {
            shard.retain(|_, full_at| *full_at > now);
        }
        let full_at = shard.entry(key).or_insert(now);
        // A clock that was set back must not close a bucket for longer than it can be empty.
        *full_at = (*full_at).clamp(now, now + PERIOD);
        Some(body(full_at, now))
    }
}

#[async_trait]
impl RateLimiter for MemoryRateLimiter {
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter> {
        let interval = self.quotas.interval(limit);
        let taken = self.with_bucket(limit, key, |full_at, now| {
            let next = *full_at + interval;
            if next - now > PERIOD {
                return Err(RetryAfter((next - now - PERIOD).unsigned_abs()));
            }
            *full_at = next;
            Ok(())
        });
        taken.unwrap_or(Ok(()))
    }

    async fn give_back(&self, limit: Limit, key: &str) {
        let interval = self.quotas.interval(limit);
        self.with_bucket(limit, key, |full_at, _| *full_at -= interval);
    }
}

impl fmt::Debug for MemoryRateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryRateLimiter").field("quotas", &self.quotas).finish_non_exhaustive()
    }
}
