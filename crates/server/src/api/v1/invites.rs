//! Invites to organizations.

pub(crate) mod accept;
pub(crate) mod create;
pub(crate) mod info;
pub(crate) mod invite;
pub(crate) mod list;
pub(crate) mod resend;
pub(crate) mod revoke;
