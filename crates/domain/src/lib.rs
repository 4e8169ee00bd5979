#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod account;
pub mod audit;
pub mod credential;
pub mod error;
pub mod field;
pub mod id;
pub mod json_object;
pub mod loopback;
pub mod mail;
pub mod org;
pub mod pagination;
pub mod ports;
pub mod request_context;
pub mod session;
pub mod signing_key;
pub mod token;

#[cfg(any(test, fuzzing))]
pub mod fuzzing;
#[cfg(feature = "fixtures")]
pub mod mock;

pub use id::{AuditEventId, InviteId, MailId, OneTimeTokenId, OrgId, SessionId, UserId};
