//! Converts requests to the commands of use cases.

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
mod received;
mod text;

pub(crate) use admission::{Authenticated, EndpointInput, Input, Public};
pub(crate) use body::{
    Body, FieldDoc, Fields, body, example, read_object, refusal_example, schema, show_what_was_sent,
};
pub(crate) use budget::count;
pub(crate) use client::{DEVICE_TOKEN, Forwarders, device_token, is_trusted_peer};
pub(crate) use field::any_object;
pub(crate) use query::{PageParams, id_in_path, path_parameter, required_query};
pub(crate) use received::{BODY_LIMIT, RequestState, receive};
pub(crate) use text::{NotEmpty, Text};
