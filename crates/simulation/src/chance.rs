//! Chance that is the same whenever its seed is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use doorward_domain::ports::Randomness;
use fastrand::Rng;

/// All that is left to chance in a run comes from here, in the order in which it is asked for.
#[derive(Debug)]
pub struct Chance(Mutex<Rng>);

impl Chance {
    /// The chance of a seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(Rng::with_seed(seed)))
    }

    fn rng(&self) -> MutexGuard<'_, Rng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number below this one, or 0.
    pub fn below(&self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.rng().u64(..end) }
    }

    /// As [`Chance::below`], for places in a list.
    pub fn index(&self, length: usize) -> usize {
        if length == 0 { 0 } else { self.rng().usize(..length) }
    }

    /// Whether something happens that happens so often in ten thousand times.
    pub fn happens(&self, in_10_000: u32) -> bool {
        in_10_000 > 0 && self.rng().u32(..10_000) < in_10_000
    }

    /// One of these, if there is any.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.index(from.len()))
    }
}

impl Randomness for Chance {
    fn fill(&self, buffer: &mut [u8]) {
        self.rng().fill(buffer);
    }
}
