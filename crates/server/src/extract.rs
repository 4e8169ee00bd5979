//! How requests become commands.

mod admission;
mod body;
mod budget;
mod client;
mod field;
mod forwarded;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod json;
mod query;
mod text;

pub(crate) use admission::{Admission, BODY_LIMIT, Call, Guest, Input, Signed, receive};
pub(crate) use body::{
    Body, FieldDoc, Fields, body, example, read_object, refusal_example, schema, show_what_was_sent,
};
pub(crate) use client::{Forwarders, is_trusted_peer};
pub(crate) use field::any_object;
pub(crate) use query::{PageQuery, id_in_path, path_parameter, required_query};
pub(crate) use text::{NotEmpty, Text};
