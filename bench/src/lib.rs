//! Code shared by the programs of the benchmark.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed measurement is useless")]

mod connection;

pub use connection::Connection;
