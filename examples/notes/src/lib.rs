//! A small service of its own: people keep notes. Accounts, passwords and sessions are Doorward's, by its
//! crates and in this process; there is no other server.

pub mod accounts;
pub mod http;
