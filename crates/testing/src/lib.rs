//! Throw-away databases for tests: an SQLite file in a folder of its own, or a database of its own
//! on a PostgreSQL server. Both are gone when their [`TestDatabase`] is.
#![deny(missing_docs)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what can't be set up for a test fails the test"
)]

mod database;
mod postgres;
mod rows;
mod trouble;

pub use database::{PATIENCE, TestDatabase, TestStorage};
pub use postgres::DATABASE_URL_VARIABLE;
