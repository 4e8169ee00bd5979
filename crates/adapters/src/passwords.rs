//! Passwords: slow hashes on threads of their own, and a list of those that everybody tries.

mod argon2;
mod blocklist;
mod pool;

pub use argon2::{Argon2Hasher, HashingOptions, InvalidHashingOptions};
pub use blocklist::CommonPasswords;
