//! The system's time, IDs, and randomness.

use std::{sync::Arc, time::Duration};

use doorward_domain::ports::{Clock, Ids, Randomness, Timer};
use time::OffsetDateTime;
use uuid::{Builder, Uuid};

/// The system's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> OffsetDateTime {
        let now = OffsetDateTime::now_utc();
        now.replace_nanosecond(now.nanosecond() / 1000 * 1000).unwrap_or(now)
    }

    fn timer(&self, length: Duration) -> Timer {
        Box::pin(tokio::time::sleep(length))
    }
}

/// The system's source of randomness.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    /// # Panics
    /// Panics if the system provides no randomness, since nothing can continue safely without it.
    #[expect(
        clippy::disallowed_methods,
        clippy::panic,
        reason = "this is the source of randomness"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        if aws_lc_rs::rand::fill(buffer).is_err() {
            panic!("the system provides no randomness");
        }
    }
}

/// UUIDs of version 7 (RFC 9562, section 5.7).
pub struct UuidV7 {
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
}

impl UuidV7 {
    /// Creates a generator that uses this clock and source of randomness.
    pub fn new(clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Self {
        Self { clock, randomness }
    }
}

impl Ids for UuidV7 {
    fn next(&self) -> Uuid {
        let millis = self.clock.now().unix_timestamp_nanos() / 1_000_000;
        let mut random = [0; 10];
        self.randomness.fill(&mut random);
        let millis = u64::try_from(millis).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concurrent_threads_get_different_random_bytes() {
        let draw = || {
            let fill = |_| {
                let mut bytes = [0; 16];
                SystemRandomness.fill(&mut bytes);
                bytes
            };
            (0..10_000).map(fill).collect::<Vec<[u8; 16]>>()
        };
        let drawn = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(draw)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        let different: std::collections::BTreeSet<_> = drawn.iter().collect();
        assert_eq!(different.len(), 160_000);
    }

    #[test]
    fn clock_truncates_to_microseconds() {
        assert_eq!(SystemClock.now().nanosecond() % 1000, 0);
    }

    #[test]
    fn ids_are_unique_and_have_version_7() {
        let ids = UuidV7::new(Arc::new(SystemClock), Arc::new(SystemRandomness));
        let (a, b) = (ids.next(), ids.next());
        assert_ne!(a, b);
        assert_eq!(a.get_version_num(), 7);
    }
}
