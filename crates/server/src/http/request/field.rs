//! The fields of a body: whether each is required, and what `null` means.

use doorward_domain::{
    account::profile::Change, field::FieldError, json_object::JsonObject, org::role::Role,
};
use serde_json::Value;
use utoipa::openapi::{
    ObjectBuilder,
    schema::{AdditionalProperties, SchemaType, Type},
};

use super::text::Text;
use crate::http::error::{ValidationType, catalog};

/// The type of a field of a body.
pub(crate) trait Field: Sized {
    const REQUIRED: bool = false;

    /// Parses the value that was sent, which is `None` if the body lacks the field.
    fn read(sent: Option<&Value>) -> Result<Self, Fault>;

    /// Returns the schema in the OpenAPI document.
    fn schema() -> ObjectBuilder;

    /// Returns an invalid value, for the documentation.
    fn refused() -> Option<Value>;
}

/// The reason that a field is invalid.
#[derive(Debug)]
pub(crate) enum Fault {
    Missing,
    Mistyped(&'static ValidationType, &'static str),
    Rule(FieldError),
}

/// A required text.
impl<T: Text> Field for T {
    const REQUIRED: bool = true;

    fn read(sent: Option<&Value>) -> Result<Self, Fault> {
        text(sent.ok_or(Fault::Missing)?)
    }

    fn schema() -> ObjectBuilder {
        T::schema()
    }

    fn refused() -> Option<Value> {
        Some(T::REFUSED.into())
    }
}

/// An optional text, which may be missing or `null`.
impl<T: Text> Field for Option<T> {
    fn read(sent: Option<&Value>) -> Result<Self, Fault> {
        match sent {
            None | Some(Value::Null) => Ok(None),
            Some(value) => text(value).map(Some),
        }
    }

    fn schema() -> ObjectBuilder {
        nullable(T::schema(), Type::String)
    }

    fn refused() -> Option<Value> {
        Some(T::REFUSED.into())
    }
}

/// A text of an update: a missing field keeps the value, and `null` clears it.
impl<T: Text> Field for Change<T> {
    fn read(sent: Option<&Value>) -> Result<Self, Fault> {
        change(sent, text)
    }

    fn schema() -> ObjectBuilder {
        nullable(T::schema(), Type::String)
    }

    fn refused() -> Option<Value> {
        Some(T::REFUSED.into())
    }
}

/// An object of an update, replaced as a whole: a missing field keeps it, and `null` empties it.
impl Field for Change<JsonObject> {
    fn read(sent: Option<&Value>) -> Result<Self, Fault> {
        change(sent, |value| match value {
            Value::Object(object) => JsonObject::new(object).map_err(Fault::Rule),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => {
                Err(Fault::Mistyped(&catalog::DICT_TYPE, "Input should be a valid dictionary"))
            }
        })
    }

    fn schema() -> ObjectBuilder {
        nullable(any_object(), Type::Object)
    }

    fn refused() -> Option<Value> {
        None
    }
}

/// A required name of a role. Every other value, string or not, gets the same error.
impl Field for Role {
    const REQUIRED: bool = true;

    fn read(sent: Option<&Value>) -> Result<Self, Fault> {
        let role = sent.ok_or(Fault::Missing)?.as_str().and_then(Self::parse);
        role.ok_or(Fault::Rule(FieldError::RoleUnknown))
    }

    fn schema() -> ObjectBuilder {
        let names = Self::ALL.map(Self::as_str);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names))
    }

    fn refused() -> Option<Value> {
        Some("king".into())
    }
}

/// Returns the schema of an object with arbitrary members.
pub(crate) fn any_object() -> ObjectBuilder {
    let anything = AdditionalProperties::FreeForm(true);
    ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(anything))
}

fn text<T: Text>(value: &Value) -> Result<T, Fault> {
    let Value::String(text) = value else {
        return Err(Fault::Mistyped(&catalog::STRING_TYPE, "Input should be a valid string"));
    };
    T::parse(text).map_err(Fault::Rule)
}

fn change<T>(
    sent: Option<&Value>,
    read: impl FnOnce(&Value) -> Result<T, Fault>,
) -> Result<Change<T>, Fault> {
    match sent {
        None => Ok(Change::Keep),
        Some(Value::Null) => Ok(Change::Clear),
        Some(value) => read(value).map(Change::Set),
    }
}

fn nullable(schema: ObjectBuilder, kind: Type) -> ObjectBuilder {
    schema.schema_type(SchemaType::from_iter([kind, Type::Null]))
}
