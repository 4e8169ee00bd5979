//! Connections to the database: opening, lending, and what to do when the server stops responding.

pub(crate) mod connect;
pub(crate) mod exclusive;
pub(crate) mod file;
pub(crate) mod health;
pub(crate) mod outage;
pub(crate) mod pipelined;
pub(crate) mod pool;
pub(crate) mod pooler;
pub(crate) mod status;
