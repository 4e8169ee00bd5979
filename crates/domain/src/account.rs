//! User accounts: who they are and how they sign in.

pub mod email;
pub mod profile;
pub mod user;
pub mod username;
