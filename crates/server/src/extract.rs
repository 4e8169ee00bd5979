//! How requests become commands.

mod admission;
mod body;
mod client;
mod json;
mod query;

pub(crate) use admission::{Guest, Signed};
pub(crate) use body::{Body, Fields, body};
pub(crate) use query::required_query;
