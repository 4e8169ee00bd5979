use doorward_domain::{email::EmailError, field::FieldError};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

/// One thing that is wrong with a request, in the words of pydantic v2.
#[derive(Debug, Clone)]
pub(crate) struct Issue {
    loc: Vec<Value>,
    kind: &'static str,
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
    pub(crate) fn new(loc: Vec<Value>, kind: &'static str, msg: impl Into<String>) -> Self {
        Self { loc, kind, msg: msg.into(), input: Input::Value(Value::Null), ctx: None }
    }

    /// An error of a field of the body, found by a rule of the domain.
    pub(crate) fn field(name: &str, error: &FieldError) -> Self {
        let loc = vec![json!("body"), json!(name)];
        let (kind, msg, ctx) = words(error);
        Self { ctx, ..Self::new(loc, kind, msg) }
    }

    /// An error of a field of the body that only the use case could find.
    pub(crate) fn refused(name: &str, kind: &'static str, msg: &str) -> Self {
        Self::new(vec![json!("body"), json!(name)], kind, msg).with_input(Input::Sent)
    }

    /// The body is not JSON from this position on, counted in code points.
    pub(crate) fn json_invalid(position: usize, error: &str) -> Box<Self> {
        let loc = vec![json!("body"), json!(position)];
        let issue = Self::new(loc, "json_invalid", "JSON decode error");
        Box::new(issue.with_input(Input::Value(json!({}))).with_ctx(json!({ "error": error })))
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
        match (&self.input, self.kind) {
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

    /// Puts in the field as it was sent, which `sent` answers by its name.
    pub(crate) fn show_field(&mut self, sent: impl FnOnce(&str) -> Value) {
        if let (Input::Sent, Some(Value::String(name))) = (&self.input, self.loc.get(1)) {
            self.input = Input::Value(sent(name));
        }
    }
}

impl Serialize for Issue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind)?;
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

type Words = (&'static str, String, Option<Value>);

/// pydantic's type, message and context of each rule; the domain's own types where it has none.
fn words(error: &FieldError) -> Words {
    match error {
        FieldError::TooShort { min } => {
            let characters = if *min == 1 { "character" } else { "characters" };
            let msg = format!("String should have at least {min} {characters}");
            ("string_too_short", msg, Some(json!({ "min_length": min })))
        }
        FieldError::TooLong { max } => {
            let characters = if *max == 1 { "character" } else { "characters" };
            let msg = format!("String should have at most {max} {characters}");
            ("string_too_long", msg, Some(json!({ "max_length": max })))
        }
        FieldError::Pattern { pattern } => {
            let msg = format!("String should match pattern '{pattern}'");
            ("string_pattern_mismatch", msg, Some(json!({ "pattern": pattern })))
        }
        // pydantic takes these; the limit is RFC 5321's (section 4.5.3.1.1) and so ours.
        FieldError::Email(error @ EmailError::LocalPartTooLong) => {
            ("too_large", error.to_string(), None)
        }
        FieldError::Email(error) => {
            let msg = format!("value is not a valid email address: {error}");
            ("value_error", msg, Some(json!({ "reason": error.to_string() })))
        }
        FieldError::UrlInvalid => ("url_invalid", sentence(error), None),
        FieldError::TimezoneUnknown => ("timezone_unknown", sentence(error), None),
        FieldError::LocaleInvalid => ("locale_invalid", sentence(error), None),
        FieldError::TooLarge { max_bytes } => {
            ("too_large", sentence(error), Some(json!({ "max_bytes": max_bytes })))
        }
        FieldError::PasswordTooCommon => ("password_too_common", sentence(error), None),
    }
}

fn sentence(error: &FieldError) -> String {
    format!("Value {error}")
}
