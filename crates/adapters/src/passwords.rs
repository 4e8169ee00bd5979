//! Passwords: slow hashes on threads of their own, and lists of those that everybody tries.

mod blocklist;
mod census;
mod forms;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod hasher;
mod observe;
mod patience;
mod pepper;
mod pool;

pub use blocklist::{Blocklist, BreachedPasswords, CommonPasswords, UnusableBreachFile};
pub use hasher::{Argon2Hasher, HashingOptions, InvalidHashingOptions};
pub use observe::{Observer, TurnedAway};
pub use patience::{Gone, Waiting};
pub use pepper::{Pepper, Peppers};
