#![doc = include_str!("../README.md")]

pub(crate) mod api;
pub mod cli;
pub mod compose;
pub mod config;
mod data_dir;
mod dev_mail;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod http;
pub mod observability;
pub mod openapi;
pub mod pages;
mod redact_serde_error;
pub mod routes;
pub mod serve;
mod signals;
mod text;
mod worker;

pub use http::state::State;
pub use serve::{ServeError, serve};
