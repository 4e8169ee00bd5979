use std::borrow::Cow;

use doorward_domain::{email::EmailError, field::FieldError, role::Role};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema,
        schema::{OneOfBuilder, SchemaType, Type},
    },
};

use super::catalog::{self, IssueType};
use crate::extract::any_object;

/// All that is wrong with a request, in the order of its fields.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HTTPValidationError)]
pub(crate) struct ValidationResponse<'a> {
    #[schema(value_type = Vec<Issue>)]
    detail: Cow<'a, [Issue]>,
}

impl<'a, T: Into<Cow<'a, [Issue]>>> From<T> for ValidationResponse<'a> {
    fn from(issues: T) -> Self {
        Self { detail: issues.into() }
    }
}

/// A rule that only the use case knows, and what of the request it is about.
#[derive(Debug)]
pub(crate) struct FieldRule {
    pub(crate) place: Place,
    pub(crate) field: &'static str,
    pub(crate) kind: &'static IssueType,
    pub(crate) msg: &'static str,
}

/// Where a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Body,
    Path,
}

impl Place {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Path => "path",
        }
    }
}

impl FieldRule {
    /// A new password has to be hard to guess.
    pub(crate) const fn password_too_common(field: &'static str) -> Self {
        let msg = "Value is too easy to guess: choose another password";
        Self { place: Place::Body, field, kind: &catalog::PASSWORD_TOO_COMMON, msg }
    }
}

/// One thing that is wrong with a request, in the words of pydantic v2.
#[derive(Debug, Clone)]
pub(crate) struct Issue {
    loc: Vec<Value>,
    kind: &'static IssueType,
    msg: String,
    input: Input,
    ctx: Option<Value>,
}

/// What was sent, as far as it may be shown again.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// This value, or `null` where it is a secret.
    Value(Value),
    /// The body that a field is missing from.
    Body,
    /// The field as it was sent, in an error that only the use case could find.
    Sent,
}

impl Issue {
    pub(crate) fn new(loc: Vec<Value>, kind: &'static IssueType, msg: impl Into<String>) -> Self {
        Self { loc, kind, msg: msg.into(), input: Input::Value(Value::Null), ctx: None }
    }

    /// An error of a field of the body, found by a rule of the domain.
    pub(crate) fn field(name: &str, error: &FieldError) -> Self {
        let loc = vec![json!("body"), json!(name)];
        let (kind, msg, ctx) = words(error);
        Self { ctx, ..Self::new(loc, kind, msg) }
    }

    /// A field breaks a rule that only the use case knows.
    pub(crate) fn refused(rule: &FieldRule) -> Self {
        let loc = vec![json!(rule.place.as_str()), json!(rule.field)];
        Self::new(loc, rule.kind, rule.msg).with_input(Input::Sent)
    }

    /// The body is not JSON from this position on, counted in code points.
    pub(crate) fn json_invalid(position: usize, error: &str) -> Box<Self> {
        let loc = vec![json!("body"), json!(position)];
        let issue = Self::new(loc, &catalog::JSON_INVALID, "JSON decode error");
        Box::new(issue.with_input(Input::Value(json!({}))).with_ctx(json!({ "error": error })))
    }

    /// The kind of error.
    pub(crate) fn kind(&self) -> &'static IssueType {
        self.kind
    }

    /// The field of the body that it is about.
    pub(crate) fn body_field(&self) -> Option<&str> {
        match &*self.loc {
            [place, Value::String(name)] if place == Place::Body.as_str() => Some(name),
            _ => None,
        }
    }

    /// A value of the rule.
    pub(crate) fn ctx(&self, name: &str) -> Option<&Value> {
        self.ctx.as_ref()?.get(name)
    }

    /// Whether pydantic would say so, too.
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

    /// Shows nothing of the body, where it was to be shown as a whole.
    #[must_use]
    pub(crate) fn hide_body(self) -> Self {
        match (&self.input, self.kind.name) {
            // What is shown of a text that is not JSON is empty in any case.
            (_, "json_invalid") => self,
            (Input::Value(_) | Input::Body | Input::Sent, _) => {
                self.with_input(Input::Value(Value::Null))
            }
        }
    }

    /// Puts in the body where a field is missing from it.
    pub(crate) fn show_body(&mut self, body: &Value) {
        if matches!(self.input, Input::Body) {
            self.input = Input::Value(body.clone());
        }
    }

    /// Puts in the field as it was sent, which `sent` answers by its place and its name.
    pub(crate) fn show_field(&mut self, sent: impl FnOnce(Place, &str) -> Value) {
        if let (Input::Sent, [place, Value::String(name), ..]) = (&self.input, &*self.loc) {
            let place = if place == "path" { Place::Path } else { Place::Body };
            self.input = Input::Value(sent(place, name));
        }
    }
}

impl Serialize for Issue {
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

impl ToSchema for Issue {
    fn name() -> Cow<'static, str> {
        "ValidationError".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((LocationPart::name().into_owned(), LocationPart::schema()));
    }
}

/// A part of `loc`, for its schema: generators of clients need a name for it.
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

impl PartialSchema for Issue {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let types: Vec<&str> = catalog::ISSUE_TYPES.iter().map(|kind| kind.name).collect();
        let loc = ArrayBuilder::new()
            .items(Ref::from_schema_name(LocationPart::name()))
            .description(Some(
                "Where: `body`, `query`, `path` or `header`, then the field, or the position in the body.",
            ));
        let kind = text().enum_values(Some(types)).description(Some(
            "What kind of error it is: a program decides by this, and makes its own words of it.",
        ));
        let msg = text().description(Some("What is wrong, for a person."));
        let input = ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some(
            "What was sent, or the object that a field is missing from; `null` where it is or holds a secret.",
        ));
        let ctx = any_object().description(Some("The values of the rule, where the type has any."));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("One thing that is wrong with a request."))
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

type Words = (&'static IssueType, String, Option<Value>);

/// pydantic's type, message and context of each rule; the domain's own types where it has none.
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
        // pydantic takes these; the limit is RFC 5321's (section 4.5.3.1.1) and so ours.
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
