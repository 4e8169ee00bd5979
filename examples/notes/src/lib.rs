//! A small service in which users keep notes. Doorward's crates provide accounts, passwords, and sessions in the
//! same process; there is no separate server.

pub mod accounts;
pub mod http;
