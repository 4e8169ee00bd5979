//! Test servers: a [`TestDatabase`] is an SQLite file in a separate folder, or a database on a PostgreSQL
//! server. A [`TestRedis`] is a database on a Redis server. A [`Relay`] is a proxy that fails on purpose, and
//! a [`TestSmtp`] is a mail server that can do so too. Databases are deleted when they are dropped.
#![deny(missing_docs)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what can't be set up for a test fails the test"
)]

mod database;
mod fault_injection;
mod postgres;
mod redis;
mod relay;
mod rows;
mod smtp;

pub use database::{PATIENCE, TestDatabase, TestStorage};
pub use postgres::DATABASE_URL_VARIABLE;
pub use redis::{REDIS_URL_VARIABLE, TestRedis};
pub use relay::{Conduct, Relay};
pub use smtp::{TakenMail, TestSmtp, Tls, Turn};
