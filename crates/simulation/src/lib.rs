//! Runs Doorward's use cases under a seeded scheduler that injects faults.
//!
//! Time, randomness, IDs, storage, mail, and passwords are ports, so one thread can run a whole world: a
//! server with its workers, users with their devices, an attacker with copies of their tokens, and a fault
//! injector. The seed decides which task continues at each await, and which faults occur: a storage call
//! fails before or after it takes effect, a request or its response is lost, the server is killed, the clock
//! is set, or the mail server rejects a message, hangs, or accepts a message without confirming it. The same
//! seed always gives the same run.
//!
//! Each commit is checked against the previous state ([`invariants`]), and each response against all states
//! during the request ([`history`]). The first violation ends the run and reports the journal.
//!
//! `docs/evidence/reliability.md` describes what is simulated and what isn't.
#![deny(missing_docs)]

pub mod clock;
pub mod executor;
pub mod faults;
pub mod history;
pub mod invariants;
pub mod journal;
pub mod ledger;
pub mod ports;
pub mod rng;
pub mod simulation;
pub mod storage;
pub mod workload;
pub mod world;

pub use simulation::{Report, Summary, run};
pub use world::Plan;
