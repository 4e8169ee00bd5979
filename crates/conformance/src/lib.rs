#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clauses are tests: a panic is how they fail"
)]

mod concurrency;
mod suite;

pub mod emails;
pub mod fixtures;
pub mod samples;

pub mod audit;
pub mod deletions;
pub mod devices;
pub mod invites;
pub mod mail_allowances;
pub mod memberships;
pub mod one_time_tokens;
pub mod orgs;
pub mod outbox;
pub mod outbox_lists;
pub mod outbox_turns;
pub mod owners;
pub mod passwords;
pub mod profiles;
pub mod rate_limiter;
pub mod refreshes;
pub mod session_ends;
pub mod session_lists;
pub mod sessions;
pub mod signing_keys;
pub mod unit_of_work;
pub mod user_lists;
pub mod users;

pub use concurrency::at_once;

#[doc(hidden)]
pub use tokio;
