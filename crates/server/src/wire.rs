//! Responses that several endpoints have.

mod tokens;
mod user;

pub(crate) use tokens::{AuthResponse, TOKEN_TYPE, TokenResponse, seconds};
pub(crate) use user::{ProfileResponse, UserResponse};
