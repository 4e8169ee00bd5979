use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use doorward_domain::ports::{Bucket, Clock, Limit, RateLimiter, RetryAfter};
use time::OffsetDateTime;

use super::{PERIOD, Quotas};

const SHARDS: usize = 64;

/// A shard with more buckets than this is searched for full ones, which are removed.
const SWEEP_ABOVE: usize = 1024;

/// Token buckets in the memory of this process, by the generic cell rate algorithm (ITU-T I.371): for each bucket,
/// only the time at which it will be full again is stored.
///
/// A bucket that is not full is never removed, so a flood of other keys doesn't reset any count.
pub struct MemoryRateLimiter {
    clock: Arc<dyn Clock>,
    quotas: Quotas,
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<(Limit, String), OffsetDateTime>>>,
}

impl MemoryRateLimiter {
    /// Creates a rate limiter with these quotas and this clock.
    pub fn new(quotas: Quotas, clock: Arc<dyn Clock>) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { clock, quotas, hasher: RandomState::new(), shards }
    }

    fn with_bucket<T>(
        &self,
        bucket: &Bucket,
        body: impl FnOnce(&mut OffsetDateTime, OffsetDateTime) -> T,
    ) -> Option<T> {
        let now = self.clock.now();
        let key = (bucket.limit, bucket.key.clone());
        let index = self.hasher.hash_one(&key) as usize % SHARDS;
        let mut shard = self.shards.get(index)?.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() > SWEEP_ABOVE && shard.len() == shard.capacity() {
            shard.retain(|_, full_at| *full_at > now);
        }
        let full_at = shard.entry(key).or_insert(now);
        // A clock that was set back must not block a bucket for longer than a full refill takes.
        *full_at = (*full_at).clamp(now, now + PERIOD);
        Some(body(full_at, now))
    }

    fn take_one(&self, bucket: &Bucket) -> Result<(), RetryAfter> {
        let interval = self.quotas.interval(bucket);
        let taken = self.with_bucket(bucket, |full_at, now| {
            let next = *full_at + interval;
            if next - now > PERIOD {
                return Err(RetryAfter((next - now - PERIOD).unsigned_abs()));
            }
            *full_at = next;
            Ok(())
        });
        taken.unwrap_or(Ok(()))
    }

    fn give_one_back(&self, bucket: &Bucket) {
        let interval = self.quotas.interval(bucket);
        self.with_bucket(bucket, |full_at, _| *full_at -= interval);
    }

    /// Takes tokens from all buckets of a group, or from none. If it takes none, it returns the longest wait among
    /// the buckets.
    fn take_group(&self, group: &[Bucket]) -> Result<(), RetryAfter> {
        let attempts: Vec<_> = group.iter().map(|bucket| (bucket, self.take_one(bucket))).collect();
        let longest = attempts.iter().filter_map(|(_, taken)| taken.err()).max();
        let Some(longest) = longest else { return Ok(()) };
        for (bucket, _) in attempts.iter().filter(|(_, taken)| taken.is_ok()) {
            self.give_one_back(bucket);
        }
        Err(longest)
    }
}

#[async_trait]
impl RateLimiter for MemoryRateLimiter {
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter> {
        self.take_one(&Bucket::new(limit, key))
    }

    async fn take_any(&self, groups: Vec<Vec<Bucket>>) -> Result<Vec<Bucket>, RetryAfter> {
        let (mut taken, mut shortest) = (Vec::new(), None::<RetryAfter>);
        for group in groups {
            match self.take_group(&group) {
                Ok(()) => taken.extend(group),
                Err(wait) => shortest = Some(shortest.map_or(wait, |other| other.min(wait))),
            }
        }
        match shortest {
            Some(wait) if taken.is_empty() => Err(wait),
            Some(_) | None => Ok(taken),
        }
    }

    async fn release(&self, limit: Limit, key: &str) {
        self.give_one_back(&Bucket::new(limit, key));
    }

    async fn release_all(&self, buckets: Vec<Bucket>) {
        buckets.iter().for_each(|bucket| self.give_one_back(bucket));
    }
}

impl fmt::Debug for MemoryRateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryRateLimiter").field("quotas", &self.quotas).finish_non_exhaustive()
    }
}
