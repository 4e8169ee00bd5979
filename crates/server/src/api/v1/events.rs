//! The audit trail of the caller's account.

pub(crate) mod list;
