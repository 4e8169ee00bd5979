use std::sync::atomic::{AtomicU64, Ordering};

use uuid::{Builder, Uuid};

use crate::ports::{Ids, Randomness};

/// Ids that count up from a seed. They are the same in every run, and sort by creation.
#[derive(Debug)]
pub struct SeededIds {
    seed: u64,
    count: AtomicU64,
}

impl SeededIds {
    /// Creates a source of IDs with this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, count: AtomicU64::new(1) }
    }
}

impl Default for SeededIds {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Ids for SeededIds {
    fn next(&self) -> Uuid {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 10];
        random.iter_mut().zip(self.seed.to_be_bytes()).for_each(|(to, from)| *to = from);
        Builder::from_unix_timestamp_millis(count, &random).into_uuid()
    }
}

/// Bytes that are the same in every run. Only for tests.
#[derive(Debug, Default)]
pub struct SeededRandomness(AtomicU64);

impl Randomness for SeededRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            // A Weyl sequence with a multiplier of splitmix64: distributed well enough for salts in tests.
            let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            *byte = (state.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 56) as u8;
        }
    }
}
