#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod limits;
pub mod mail;
pub mod passwords;
pub mod secret;
pub mod storage;
pub mod system;
mod tls;
pub mod tokens;
