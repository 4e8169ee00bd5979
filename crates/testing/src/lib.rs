//! Throw-away databases for tests: an SQLite file in a folder of its own, or a database of its own
//! on a PostgreSQL server. Both are gone when their [`TestDatabase`] is. A [`TestRedis`] is a
//! database of its own on a Redis server, and a [`Relay`] is a way to it that fails on purpose. A
//! [`TestSmtp`] is a mail server, which does that too.
#![deny(missing_docs)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what can't be set up for a test fails the test"
)]

mod database;
mod postgres;
mod redis;
mod relay;
mod rows;
mod smtp;
mod trouble;

pub use database::{PATIENCE, TestDatabase, TestStorage};
pub use postgres::DATABASE_URL_VARIABLE;
pub use redis::{REDIS_URL_VARIABLE, TestRedis};
pub use relay::{Conduct, Relay};
pub use smtp::{TakenMail, TestSmtp, Tls, Turn};
