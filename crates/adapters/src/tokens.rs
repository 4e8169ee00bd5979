//! Tokens: signed claims, and MACs over row ids.

mod access;
mod keys;
mod opaque;

pub use access::{AccessTokenOptions, JwtAccessTokens};
pub use keys::{KeyError, KeyRing, SealedKeys, SigningAlgorithm};
pub use opaque::MacTokens;
