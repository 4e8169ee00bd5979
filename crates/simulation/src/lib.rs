//! The use cases under a seeded scheduler that injects faults.
#![deny(missing_docs)]

pub mod storage;
