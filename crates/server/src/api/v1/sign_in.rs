//! Ways to sign in.

pub(crate) mod password;
