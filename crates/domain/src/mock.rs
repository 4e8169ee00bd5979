//! Mocks of every port, for tests (feature `mock`).
//!
//! [`MockStorage`] hands out the mock repositories that a test prepared, and counts commits; time,
//! ids and chance are [`FrozenClock`], [`SeededIds`] and [`SeededRandomness`].

mod clock;
mod seeded;
mod storage;

pub use clock::FrozenClock;
pub use seeded::{SeededIds, SeededRandomness};
pub use storage::{MockRepositories, MockStorage};

pub use crate::ports::mocks::*;
