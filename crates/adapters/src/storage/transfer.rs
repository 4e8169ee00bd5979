//! Backups, and copies from one database to another.

pub(crate) mod backup;
pub(crate) mod copy;
