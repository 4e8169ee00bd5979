//! The outbox.

pub(crate) mod deliver;
pub(crate) mod retry;
