//! Tests of the use cases, with mocks of the ports.

#![expect(clippy::unwrap_used, reason = "helpers build values that are known to be well-formed")]

mod access;
mod account;
mod admin;
mod events;
mod invites;
mod keys;
mod mail;
mod maintenance;
mod orgs;
mod password;
mod sessions;
mod sign_in;
mod support;
