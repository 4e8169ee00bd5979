//! Black-box tests over HTTP, each on SQLite and on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic fails the test"
)]

mod support;

mod architecture;
mod auth;
mod binary;
mod connections;
mod contract;
mod coverage;
mod cross_origin;
mod database;
mod dev_mail;
mod documented;
mod health;
mod import;
mod keys;
mod limits;
mod metrics;
mod observability;
mod openapi;
mod operator;
mod orgs;
mod pages;
mod processes;
mod protocol;
mod security;
mod signals;
mod smtp;
mod statements;
mod story;
mod telemetry;
