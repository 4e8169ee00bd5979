//! Tokens: signed claims, and MACs over row ids.

mod access;
mod keys;
mod message;
mod opaque;

pub use access::{AccessTokenOptions, JwtAccessTokens};
pub use keys::{KeyError, KeyRing, SealedKeys, SigningAlgorithm};
pub use message::MessageMac;
pub use opaque::MacTokens;
