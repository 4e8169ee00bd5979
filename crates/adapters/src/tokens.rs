//! Tokens: signed claims, and MACs over row IDs.

mod access;
mod keys;
mod message;
mod opaque;

pub use access::{AccessTokenOptions, JwtAccessTokens};
pub use keys::{EncryptedKeyFactory, KeyError, KeyRing, SigningAlgorithm};
pub use message::MessageMac;
pub use opaque::MacTokens;
