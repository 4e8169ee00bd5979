#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod audit;
pub mod email;
pub mod error;
pub mod field;
pub mod id;
pub mod invite;
pub mod json_object;
pub mod loopback;
pub mod mail;
pub mod membership;
pub mod one_time_token;
pub mod org;
pub mod pagination;
pub mod password;
pub mod ports;
pub mod profile;
pub mod request_context;
pub mod role;
pub mod session;
pub mod signing_key;
pub mod token;
pub mod user;
pub mod username;

#[cfg(any(test, fuzzing))]
pub mod fuzzing;
#[cfg(feature = "fixtures")]
pub mod mock;

pub use id::{AuditEventId, InviteId, MailId, OneTimeTokenId, OrgId, SessionId, UserId};
