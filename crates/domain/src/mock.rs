//! What tests put in the place of the world.
//!
//! Time, ids and chance are [`FrozenClock`], [`SeededIds`] and [`SeededRandomness`] (feature
//! `fixtures`). With feature `mock` there is a mock of every port beside them, and a `MockStorage`
//! that hands out the mock repositories that a test prepared, and counts commits.

mod clock;
mod seeded;
#[cfg(feature = "mock")]
mod storage;

pub use clock::FrozenClock;
pub use seeded::{SeededIds, SeededRandomness};
#[cfg(feature = "mock")]
pub use storage::{MockRepositories, MockStorage};

#[cfg(feature = "mock")]
pub use crate::ports::mocks::*;
