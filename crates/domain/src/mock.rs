//! Test doubles for the ports.
//!
//! [`FrozenClock`], [`SeededIds`], and [`SeededRandomness`] replace time, IDs, and randomness (feature
//! `fixtures`). The feature `mock` adds a mock of every port, and a `MockStorage` that returns the mock
//! repositories that a test prepared and counts commits.

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
