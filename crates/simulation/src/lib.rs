//! The use cases under a seeded scheduler that injects faults.
#![deny(missing_docs)]

pub mod chance;
pub mod clock;
pub mod executor;
pub mod faults;
pub mod history;
pub mod invariants;
pub mod journal;
pub mod ledger;
pub mod ports;
pub mod simulation;
pub mod storage;
pub mod workload;
pub mod world;

pub use simulation::{Report, Summary, run};
pub use world::Plan;
