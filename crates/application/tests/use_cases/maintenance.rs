//! What runs from time to time.

pub(crate) mod purge_expired;
