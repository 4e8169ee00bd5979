//! Sessions and their tokens.

pub(crate) mod list;
pub(crate) mod logout;
pub(crate) mod refresh;
pub(crate) mod revoke;
pub(crate) mod switch_org;
