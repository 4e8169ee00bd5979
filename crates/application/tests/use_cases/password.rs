//! Passwords.

pub(crate) mod change;
pub(crate) mod check_new;
pub(crate) mod forgot;
pub(crate) mod reset;
pub(crate) mod sample_hashes;
