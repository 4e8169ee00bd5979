//! Version 1 of the API, grouped by subject: one file for each endpoint, with its request, its response, and the mapping of the use case's errors.

pub(crate) mod account;
pub(crate) mod config;
pub(crate) mod events;
pub(crate) mod invites;
pub(crate) mod orgs;
pub(crate) mod password;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod wire;
