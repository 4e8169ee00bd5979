#![doc = include_str!("../README.md")]

mod auth;
pub mod cli;
pub mod compose;
pub mod config;
mod connections;
pub mod cors;
mod data_dir;
mod dev_mail;
mod docs;
mod error;
mod extract;
mod fetch_metadata;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod health;
pub mod http;
pub mod listener;
mod local;
mod logging;
mod metrics;
mod middleware;
pub mod openapi;
mod orgs;
pub mod pages;
mod readiness;
mod redact_serde_error;
pub mod routes;
mod serve;
mod signals;
mod state;
pub mod telemetry;
mod text;
mod well_known;
mod wire;
mod worker;

pub use serve::{ServeError, serve};
pub use state::State;
