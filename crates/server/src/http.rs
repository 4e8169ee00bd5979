//! HTTP: requests, errors, and the middleware around them. Endpoints and pages use it, and it uses none of them.

pub mod access;
pub(crate) mod connections;
pub mod cors;
pub(crate) mod describe;
pub(crate) mod error;
pub(crate) mod fetch_metadata;
pub mod listener;
pub(crate) mod middleware;
pub(crate) mod request;
pub(crate) mod state;
