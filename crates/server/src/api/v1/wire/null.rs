use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use crate::http::describe::Success;

/// The JSON literal `null`, the body of responses without content.
#[derive(Debug, Serialize)]
pub(crate) struct Null;

impl Success for Null {
    fn example() -> Self {
        Self
    }
}

impl ToSchema for Null {
    /// Returns an empty name, so that the schema is inlined.
    fn name() -> std::borrow::Cow<'static, str> {
        "".into()
    }
}

impl PartialSchema for Null {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Null).into()
    }
}
