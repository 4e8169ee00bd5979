//! What proves who a user is.

pub mod password;
