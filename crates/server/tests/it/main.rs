//! Black-box tests over HTTP, each on SQLite and on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod support;

mod architecture;
mod auth;
mod binary;
mod contract;
mod coverage;
mod database;
mod documented;
mod health;
mod import;
mod keys;
mod limits;
mod openapi;
mod orgs;
mod protocol;
mod security;
mod statements;
