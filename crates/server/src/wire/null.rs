use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use crate::openapi::Success;

/// The JSON literal `null`: there is nothing to say.
#[derive(Debug, Serialize)]
pub(crate) struct Null;

impl Success for Null {
    fn example() -> Self {
        Self
    }
}

impl ToSchema for Null {
    /// It has no name: it is written where it is answered.
    fn name() -> std::borrow::Cow<'static, str> {
        "".into()
    }
}

impl PartialSchema for Null {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Null).into()
    }
}
