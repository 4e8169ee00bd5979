//! Doorward's use cases under a seeded scheduler that injects faults.
//!
//! Time, chance, ids, storage, mails and passwords are ports, so one thread can run a whole world: a server with its
//! workers, people with their devices, a thief who has copies of their tokens, and the weather. A seed says in which
//! order they go on at each of their awaits, and what goes wrong: a call of the storage that fails before it has
//! happened, or after it; a request that is dropped, or whose answer is; a server that is killed; a clock that is set;
//! a mail server that refuses, hangs, or takes a mail and says nothing. The same seed is the same run.
//!
//! Each commit is judged by what was stored before it ([`invariants`]), and each answer by all that was stored while it was
//! waited for ([`history`]). What did not hold ends the run with the journal of how it came to that.
//!
//! `docs/reliability.md` says what is simulated, and what is not.
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
