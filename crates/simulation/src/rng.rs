//! Reproducible randomness from a seed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use doorward_domain::ports::Randomness;
use fastrand::Rng;

/// The source of all randomness in a run. Its results depend on the order of the calls.
#[derive(Debug)]
pub struct Chance(Mutex<Rng>);

impl Chance {
    /// Creates the source for a seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(Rng::with_seed(seed)))
    }

    fn rng(&self) -> MutexGuard<'_, Rng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a number below `end`, or 0 if `end` is 0.
    pub fn below(&self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.rng().u64(..end) }
    }

    /// Returns an index into a list of this length, or 0 if it is empty.
    pub fn index(&self, length: usize) -> usize {
        if length == 0 { 0 } else { self.rng().usize(..length) }
    }

    /// Returns `true` with a probability of `in_10_000` in 10,000.
    pub fn happens(&self, in_10_000: u32) -> bool {
        in_10_000 > 0 && self.rng().u32(..10_000) < in_10_000
    }

    /// Returns a random element, or `None` if there is none.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.index(from.len()))
    }
}

impl Randomness for Chance {
    fn fill(&self, buffer: &mut [u8]) {
        self.rng().fill(buffer);
    }
}
