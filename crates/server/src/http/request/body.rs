//! Request bodies: their fields, and the validation of what was sent.

use actix_web::http::header::HeaderValue;
use serde_json::{Map, Value, json};
use utoipa::openapi::{Object, ObjectBuilder, schema::Type};

use super::{
    field::{Fault, Field},
    json,
};
use crate::http::error::{ApiError, Input, Location, ValidationError, catalog};

/// Fields whose value is never echoed in an error, nor the body that contains them.
pub(super) const SECRETS: [&str; 6] =
    ["password", "new_password", "current_password", "token", "refresh_token", "invite_token"];

/// A body with known fields: see [`body!`].
pub(crate) trait Body: Sized {
    /// The name of the schema in the OpenAPI document.
    const NAME: &str;

    /// Reads every field, in the order in which errors are reported.
    fn read(fields: &mut Fields<'_>) -> Option<Self>;

    /// Returns the documentation of each field.
    fn describe() -> Vec<FieldDoc>;
}

/// Defines a body: one line per field, with its name, type, and example. The doc comment of a field is
/// its documentation in the API.
macro_rules! body {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[doc = $doc:literal])+ $field:ident: $type:ty $(= $example:tt)?,)+ }
    ) => {
        $(#[$meta])*
        pub(crate) struct $name {
            $($(#[doc = $doc])+ pub(crate) $field: $type,)+
        }

        impl $crate::http::request::Body for $name {
            const NAME: &str = stringify!($name);

            fn read(fields: &mut $crate::http::request::Fields<'_>) -> Option<Self> {
                $(let $field = fields.read(stringify!($field));)+
                Some(Self { $($field: $field?,)+ })
            }

            fn describe() -> Vec<$crate::http::request::FieldDoc> {
                use $crate::http::request::FieldDoc;
                vec![$(
                    FieldDoc::new::<$type>(stringify!($field), concat!($($doc),+))
                        $(.with_example(serde_json::json!($example)))?,
                )+]
            }
        }
    };
}

pub(crate) use body;

/// The documentation of a field.
pub(crate) struct FieldDoc {
    pub(super) name: &'static str,
    required: bool,
    schema: ObjectBuilder,
    example: Option<Value>,
    refused: Option<Value>,
}

impl FieldDoc {
    pub(crate) fn new<T: Field>(name: &'static str, doc: &'static str) -> Self {
        Self {
            name,
            required: T::REQUIRED,
            schema: T::schema().description(Some(doc.trim())),
            example: None,
            refused: T::refused(),
        }
    }

    pub(crate) fn with_example(self, example: Value) -> Self {
        Self { example: Some(example), ..self }
    }
}

/// Returns the schema of a body.
pub(crate) fn schema<T: Body>() -> Object {
    let object = ObjectBuilder::new().schema_type(Type::Object);
    let fields = T::describe().into_iter();
    let object = fields.fold(object, |object, FieldDoc { name, required, schema, example, .. }| {
        let object = object.property(name, schema.examples(example));
        if required { object.required(name) } else { object }
    });
    object.build()
}

/// Returns an example of a valid body.
pub(crate) fn example<T: Body>() -> Value {
    let fields = T::describe().into_iter();
    fields.filter_map(|field| Some((field.name.to_owned(), field.example?))).collect()
}

/// Returns the error for a body in which every field is invalid.
pub(crate) fn refusal_example<T: Body>() -> ApiError {
    let fields = T::describe().into_iter();
    let object = fields.filter_map(|field| Some((field.name.to_owned(), field.refused?))).collect();
    match read_object::<T>(object) {
        Ok(_) => ApiError::Validation(Vec::new()),
        Err(error) => error,
    }
}

/// The fields of a body as they were sent, and the errors found in them.
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
    issues: Vec<ValidationError>,
    has_secret: bool,
}

impl<'a> Fields<'a> {
    fn new(object: &'a Map<String, Value>) -> Self {
        // Even if the endpoint has no such field: the client may have called the wrong endpoint.
        let has_secret = object.keys().any(|name| SECRETS.contains(&name.as_str()));
        Self { object, issues: Vec::new(), has_secret }
    }

    /// Reads a field. Returns `None` and records the error if the field is invalid.
    pub(crate) fn read<T: Field>(&mut self, name: &str) -> Option<T> {
        let is_secret = SECRETS.contains(&name);
        self.has_secret |= is_secret;
        let sent = self.object.get(name);
        let fault = match T::read(sent) {
            Ok(value) => return Some(value),
            Err(fault) => fault,
        };
        let loc = || vec![json!("body"), json!(name)];
        let shown = || match sent {
            Some(value) if !is_secret => Input::Value(value.clone()),
            Some(_) | None => Input::Value(Value::Null),
        };
        self.issues.push(match fault {
            Fault::Missing => ValidationError::new(loc(), &catalog::MISSING, "Field required")
                .with_input(Input::Body),
            Fault::Mistyped(kind, msg) => {
                ValidationError::new(loc(), kind, msg).with_input(shown())
            }
            Fault::Rule(error) => ValidationError::field(name, &error).with_input(shown()),
        });
        None
    }
}

/// Parses a body and validates all of its fields, so that every error is reported at once.
pub(super) fn read<T: Body>(
    content_type: Option<&HeaderValue>,
    body: &[u8],
) -> Result<T, ApiError> {
    match parse(content_type, body).map_err(|issue| of_the_whole::<T>(*issue))? {
        Value::Object(object) => read_object(object),
        other => Err(of_the_whole::<T>(not_an_object(other))),
    }
}

/// Reads a body that has been parsed.
pub(crate) fn read_object<T: Body>(object: Map<String, Value>) -> Result<T, ApiError> {
    let mut fields = Fields::new(&object);
    let read = T::read(&mut fields);
    let Fields { mut issues, has_secret, .. } = fields;
    match read {
        Some(body) if issues.is_empty() => Ok(body),
        Some(_) | None => {
            // Errors of this server's own rules are only reported for a body that pydantic would
            // accept, because the v1 reference doesn't have these rules.
            if issues.iter().any(ValidationError::is_of_the_reference) {
                issues.retain(ValidationError::is_of_the_reference);
            }
            let shown = if has_secret { Value::Null } else { Value::Object(object) };
            issues.iter_mut().for_each(|issue| issue.show_body(&shown));
            Err(ApiError::Validation(issues))
        }
    }
}

/// Fills in what was sent in errors that the use case found, except secrets. `path` returns a path
/// parameter by its name.
pub(crate) fn show_what_was_sent(
    error: ApiError,
    body: &[u8],
    path: impl Fn(&str) -> Value,
) -> ApiError {
    let ApiError::Validation(mut issues) = error else { return error };
    let sent = json::parse(body).unwrap_or_default();
    for issue in &mut issues {
        issue.show_field(|place, name| match (place, sent.get(name)) {
            (Location::Path, _) => path(name),
            (Location::Body, Some(value)) if !SECRETS.contains(&name) => value.clone(),
            (Location::Body, Some(_) | None) => Value::Null,
        });
    }
    ApiError::Validation(issues)
}

fn parse(content_type: Option<&HeaderValue>, body: &[u8]) -> Result<Value, Box<ValidationError>> {
    if body.is_empty() {
        let loc = vec![json!("body")];
        return Err(Box::new(ValidationError::new(loc, &catalog::MISSING, "Field required")));
    }
    if is_json(content_type) {
        json::parse(body)
    } else {
        Ok(Value::String(String::from_utf8_lossy(body).into_owned()))
    }
}

fn not_an_object(value: Value) -> ValidationError {
    let msg = "Input should be a valid dictionary or object to extract fields from";
    ValidationError::new(vec![json!("body")], &catalog::MODEL_ATTRIBUTES_TYPE, msg)
        .with_input(Input::Value(value))
}

/// Returns an error about the body as a whole. What was sent is hidden if the body may contain a
/// secret, which is determined by reading an empty body.
fn of_the_whole<T: Body>(issue: ValidationError) -> ApiError {
    let empty = Map::new();
    let mut fields = Fields::new(&empty);
    let _ = T::read(&mut fields);
    let issue = if fields.has_secret { issue.hide_body() } else { issue };
    ApiError::Validation(vec![issue])
}

/// Returns `true` for `application/json` and `application/…+json`, in any case, with any parameters. A body without a
/// type is not JSON, because a page of any origin can make browsers send one without a preflight request (CORS). As in the
/// v1 reference, parameters are ignored.
pub(super) fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let Some(content_type) = content_type else { return false };
    let essence = content_type.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    let essence = essence.trim_ascii().to_ascii_lowercase();
    let Some(subtype) = essence.strip_prefix(b"application/") else { return false };
    !subtype.contains(&b'/') && (subtype == b"json" || subtype.ends_with(b"+json"))
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::api::v1::password::forgot::ForgotPasswordRequest;

    #[test]
    fn secret_is_not_echoed_by_an_endpoint_without_that_field() {
        for name in SECRETS {
            let object = Map::from_iter([(name.to_owned(), json!("hunter2"))]);
            let error = read_object::<ForgotPasswordRequest>(object).err().unwrap();
            let shown = serde_json::to_string(&error.body(OffsetDateTime::UNIX_EPOCH)).unwrap();
            assert!(shown.contains("missing") && !shown.contains("hunter2"), "{shown}");
        }
    }
}
