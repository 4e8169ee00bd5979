//! Sessions and tokens.

pub(crate) mod end;
pub(crate) mod end_others;
pub(crate) mod list;
pub(crate) mod logout;
pub(crate) mod refresh;
pub(crate) mod switch_org;
