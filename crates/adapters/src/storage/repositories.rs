//! The repositories: one file for each port.

pub(crate) mod audit;
pub(crate) mod invites;
pub(crate) mod memberships;
pub(crate) mod one_time_tokens;
pub(crate) mod orgs;
pub(crate) mod outbox;
pub(crate) mod sessions;
pub(crate) mod signing_keys;
pub(crate) mod users;
