//! Responses that several endpoints have.

pub(crate) mod example;
mod null;
mod tokens;
mod user;

pub(crate) use null::Null;
pub(crate) use tokens::{AuthResponse, TOKEN_TYPE, TokenResponse, seconds};
pub(crate) use user::{ProfileResponse, UserResponse};
