//! Passwords: slow hashing on dedicated threads, and lists of common passwords.

mod blocklist;
mod cancellation;
mod decoys;
mod formats;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod hasher;
mod observe;
mod pepper;
mod pool;

pub use blocklist::{Blocklist, BreachedPasswords, CommonPasswords, UnusableBreachFile};
pub use cancellation::{CallerGone, CallerGuard};
pub use hasher::{Argon2Hasher, HashingOptions, InvalidHashingOptions};
pub use observe::{HashMetrics, HashRejection};
pub use pepper::{Pepper, Peppers};
