//! What both programs of the benchmark need.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that fails is none")]

mod connection;

pub use connection::Connection;
