//! The JSON API.

pub(crate) mod v1;
pub(crate) mod well_known;
