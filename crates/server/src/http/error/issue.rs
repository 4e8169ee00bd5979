use std::borrow::Cow;

use doorward_domain::{account::email::EmailError, field::FieldError, org::role::Role};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema,
        schema::{OneOfBuilder, SchemaType, Type},
    },
};

use super::catalog::{self, ValidationType};
use crate::http::request::any_object;

/// All validation errors of a request, in the order of its fields.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HTTPValidationError)]
pub(crate) struct ValidationResponse<'a> {
    #[schema(value_type = Vec<ValidationError>)]
    detail: Cow<'a, [ValidationError]>,
}

impl<'a, T: Into<Cow<'a, [ValidationError]>>> From<T> for ValidationResponse<'a> {
    fn from(issues: T) -> Self {
        Self { detail: issues.into() }
    }
}

/// A rule that only the use case can check, and the field that it applies to.
#[derive(Debug)]
pub(crate) struct FieldRule {
    pub(crate) place: Location,
    pub(crate) field: &'static str,
    pub(crate) kind: &'static ValidationType,
    pub(crate) msg: &'static str,
}

/// The part of a request that a field is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Body,
    Path,
}

impl Location {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Path => "path",
        }
    }
}

impl FieldRule {
    /// Returns the rule that a new password must be hard to guess.
    pub(crate) const fn password_too_common(field: &'static str) -> Self {
        let msg = "Value is too easy to guess: choose another password";
        Self { place: Location::Body, field, kind: &catalog::PASSWORD_TOO_COMMON, msg }
    }
}

/// A validation error, in the format of pydantic v2.
#[derive(Debug, Clone)]
pub(crate) struct ValidationError {
    loc: Vec<Value>,
    kind: &'static ValidationType,
    msg: String,
    input: Input,
    ctx: Option<Value>,
}

/// The value of the error's `input`: what was sent, as far as it may be echoed.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// This value, or `null` where it is a secret.
    Value(Value),
    /// The body that lacks the field.
    Body,
    /// The field as it was sent, for an error that the use case found.
    Sent,
}

impl ValidationError {
    pub(crate) fn new(
        loc: Vec<Value>,
        kind: &'static ValidationType,
        msg: impl Into<String>,
    ) -> Self {
        Self { loc, kind, msg: msg.into(), input: Input::Value(Value::Null), ctx: None }
    }

    /// Creates an error for a field of the body that violates a rule of the domain.
    pub(crate) fn field(name: &str, error: &FieldError) -> Self {
        let loc = vec![json!("body"), json!(name)];
        let (kind, msg, ctx) = words(error);
        Self { ctx, ..Self::new(loc, kind, msg) }
    }

    /// Creates an error for a field that violates a rule of the use case.
    pub(crate) fn refused(rule: &FieldRule) -> Self {
        let loc = vec![json!(rule.place.as_str()), json!(rule.field)];
        Self::new(loc, rule.kind, rule.msg).with_input(Input::Sent)
    }

    /// Creates an error for a body that is invalid JSON from `position` on, counted in code points.
    pub(crate) fn json_invalid(position: usize, error: &str) -> Box<Self> {
        let loc = vec![json!("body"), json!(position)];
        let issue = Self::new(loc, &catalog::JSON_INVALID, "JSON decode error");
        Box::new(issue.with_input(Input::Value(json!({}))).with_ctx(json!({ "error": error })))
    }

    /// Returns the type of the error.
    pub(crate) fn kind(&self) -> &'static ValidationType {
        self.kind
    }

    /// Returns the field of the body that the error is about, if it is about one.
    pub(crate) fn body_field(&self) -> Option<&str> {
        match &*self.loc {
            [place, Value::String(name)] if place == Location::Body.as_str() => Some(name),
            _ => None,
        }
    }

    /// Returns a value of the error's `ctx`.
    pub(crate) fn ctx(&self, name: &str) -> Option<&Value> {
        self.ctx.as_ref()?.get(name)
    }

    /// Returns `true` if pydantic would report this error as well.
    pub(crate) fn is_of_the_reference(&self) -> bool {
        self.kind.pydantic
    }

    #[must_use]
    pub(crate) fn at(self, loc: Vec<Value>) -> Self {
        Self { loc, ..self }
    }

    #[must_use]
    pub(crate) fn with_input(self, input: Input) -> Self {
        Self { input, ..self }
    }

    #[must_use]
    pub(crate) fn with_ctx(self, ctx: Value) -> Self {
        Self { ctx: Some(ctx), ..self }
    }

    /// Replaces the input with `null`, so that nothing of the body is echoed.
    #[must_use]
    pub(crate) fn hide_body(self) -> Self {
        match (&self.input, self.kind.name) {
            // The input of a body that is not JSON is always empty.
            (_, "json_invalid") => self,
            (Input::Value(_) | Input::Body | Input::Sent, _) => {
                self.with_input(Input::Value(Value::Null))
            }
        }
    }

    /// Fills in the body, if the error is about a missing field.
    pub(crate) fn show_body(&mut self, body: &Value) {
        if matches!(self.input, Input::Body) {
            self.input = Input::Value(body.clone());
        }
    }

    /// Fills in the field as it was sent, if the use case found the error. `sent` returns the value for a
    /// place and a name.
    pub(crate) fn show_field(&mut self, sent: impl FnOnce(Location, &str) -> Value) {
        if let (Input::Sent, [place, Value::String(name), ..]) = (&self.input, &*self.loc) {
            let place = if place == "path" { Location::Path } else { Location::Body };
            self.input = Input::Value(sent(place, name));
        }
    }
}

impl Serialize for ValidationError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind.name)?;
        map.serialize_entry("loc", &self.loc)?;
        map.serialize_entry("msg", &self.msg)?;
        match &self.input {
            Input::Value(value) => map.serialize_entry("input", value)?,
            Input::Body | Input::Sent => map.serialize_entry("input", &Value::Null)?,
        }
        if let Some(ctx) = &self.ctx {
            map.serialize_entry("ctx", ctx)?;
        }
        map.end()
    }
}

impl ToSchema for ValidationError {
    fn name() -> Cow<'static, str> {
        "ValidationError".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((LocationPart::name().into_owned(), LocationPart::schema()));
    }
}

/// The schema of an element of `loc`. Client generators need it to have a name.
struct LocationPart;

impl ToSchema for LocationPart {
    fn name() -> Cow<'static, str> {
        "LocationPart".into()
    }
}

impl PartialSchema for LocationPart {
    fn schema() -> RefOr<Schema> {
        let part = |kind| ObjectBuilder::new().schema_type(kind);
        OneOfBuilder::new()
            .item(part(Type::String))
            .item(part(Type::Integer))
            .description(Some("The name of a field, or a position."))
            .into()
    }
}

impl PartialSchema for ValidationError {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let types: Vec<&str> = catalog::ISSUE_TYPES.iter().map(|kind| kind.name).collect();
        let loc = ArrayBuilder::new()
            .items(Ref::from_schema_name(LocationPart::name()))
            .description(Some(
                "The location of the error: `body`, `query`, `path`, or `header`, then the field or the position in the body.",
            ));
        let kind = text().enum_values(Some(types)).description(Some(
            "The type of the error. Programs should base decisions on it, and can show their own message for it.",
        ));
        let msg =
            text().description(Some("What is wrong, in words that can be shown to the user."));
        let input = ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some(
            "The value that was sent, or the object that lacks the field; `null` if it is or contains a secret.",
        ));
        let ctx = any_object()
            .description(Some("The parameters of the violated rule, if the type has any."));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("A validation error of a request."))
            .property("type", kind)
            .required("type")
            .property("loc", loc)
            .required("loc")
            .property("msg", msg)
            .required("msg")
            .property("input", input)
            .required("input")
            .property("ctx", ctx)
            .into()
    }
}

type Words = (&'static ValidationType, String, Option<Value>);

/// Returns the type, message, and context of a rule: pydantic's, or this server's own where pydantic
/// has none.
fn words(error: &FieldError) -> Words {
    match error {
        FieldError::TooShort { min } => {
            let characters = if *min == 1 { "character" } else { "characters" };
            let msg = format!("String should have at least {min} {characters}");
            (&catalog::STRING_TOO_SHORT, msg, Some(json!({ "min_length": min })))
        }
        FieldError::TooLong { max } => {
            let characters = if *max == 1 { "character" } else { "characters" };
            let msg = format!("String should have at most {max} {characters}");
            (&catalog::STRING_TOO_LONG, msg, Some(json!({ "max_length": max })))
        }
        FieldError::Pattern { pattern } => {
            let msg = format!("String should match pattern '{pattern}'");
            (&catalog::STRING_PATTERN_MISMATCH, msg, Some(json!({ "pattern": pattern })))
        }
        // pydantic accepts these. The limit is from RFC 5321, section 4.5.3.1.1.
        FieldError::Email(error @ EmailError::LocalPartTooLong) => {
            (&catalog::TOO_LARGE, error.to_string(), None)
        }
        FieldError::Email(error) => {
            let msg = format!("value is not a valid email address: {error}");
            (&catalog::VALUE_ERROR, msg, Some(json!({ "reason": error.to_string() })))
        }
        FieldError::UrlInvalid => (&catalog::URL_INVALID, sentence(error), None),
        FieldError::TimezoneUnknown => (&catalog::TIMEZONE_UNKNOWN, sentence(error), None),
        FieldError::LocaleInvalid => (&catalog::LOCALE_INVALID, sentence(error), None),
        FieldError::TooLarge { max_bytes } => {
            (&catalog::TOO_LARGE, sentence(error), Some(json!({ "max_bytes": max_bytes })))
        }
        FieldError::TooSmall { min } => {
            let msg = format!("Input should be greater than or equal to {min}");
            (&catalog::GREATER_THAN_EQUAL, msg, Some(json!({ "ge": min })))
        }
        FieldError::TooGreat { max } => {
            let msg = format!("Input should be less than or equal to {max}");
            (&catalog::LESS_THAN_EQUAL, msg, Some(json!({ "le": max })))
        }
        FieldError::RoleUnknown => {
            let roles = Role::ALL.map(|role| format!("'{}'", role.as_str()));
            let expected = match &roles {
                [first @ .., last] => format!("{} or {last}", first.join(", ")),
            };
            let msg = format!("Input should be {expected}");
            (&catalog::ENUM, msg, Some(json!({ "expected": expected })))
        }
        FieldError::PasswordTooCommon => (&catalog::PASSWORD_TOO_COMMON, sentence(error), None),
    }
}

fn sentence(error: &FieldError) -> String {
    format!("Value {error}")
}
