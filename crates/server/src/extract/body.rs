//! Bodies: what fields they have, and what is wrong with those that were sent.

use actix_web::http::header::HeaderValue;
use doorward_domain::{field::FieldError, json_object::JsonObject, profile::Change};
use serde_json::{Map, Value, json};

use super::json;
use crate::error::{ApiError, Input, Issue};

/// Fields whose value is never shown again, nor the body that they are in.
const SECRETS: [&str; 6] =
    ["password", "new_password", "current_password", "token", "refresh_token", "invite_token"];

/// A body whose fields are known. It is described by being read: see [`body!`].
pub(crate) trait Body: Sized {
    /// Reads every field, in the order that their errors are reported in.
    fn read(fields: &mut Fields<'_>) -> Option<Self>;
}

/// Defines a body: a line a field, with its name, its type, and how it is read.
macro_rules! body {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty = $how:ident $(($check:expr))?,)+ }) => {
        $(#[$meta])*
        pub(super) struct $name {
            $(pub(super) $field: $type,)+
        }

        impl $crate::extract::Body for $name {
            fn read(fields: &mut $crate::extract::Fields<'_>) -> Option<Self> {
                $(let $field = fields.$how(stringify!($field) $(, $check)?);)+
                Some(Self { $($field: $field?,)+ })
            }
        }
    };
}

pub(crate) use body;

/// The fields of a body as they were sent, and what was found wrong with them.
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
    issues: Vec<Issue>,
    has_secret: bool,
}

impl<'a> Fields<'a> {
    fn new(object: &'a Map<String, Value>) -> Self {
        Self { object, issues: Vec::new(), has_secret: false }
    }

    /// A text that has to be there.
    pub(crate) fn required<T>(
        &mut self,
        name: &str,
        check: impl FnOnce(&str) -> Result<T, FieldError>,
    ) -> Option<T> {
        let Some(value) = self.get(name) else {
            let loc = vec![json!("body"), json!(name)];
            let missing = Issue::new(loc, "missing", "Field required").with_input(Input::Body);
            self.issues.push(missing);
            return None;
        };
        self.text(name, value, check)
    }

    /// A text that may be missing or `null`.
    pub(crate) fn nullable<T>(
        &mut self,
        name: &str,
        check: impl FnOnce(&str) -> Result<T, FieldError>,
    ) -> Option<Option<T>> {
        match self.get(name) {
            None | Some(Value::Null) => Some(None),
            Some(value) => self.text(name, value, check).map(Some),
        }
    }

    /// A text of a partial update: missing keeps it, `null` clears it.
    pub(crate) fn change<T>(
        &mut self,
        name: &str,
        check: impl FnOnce(&str) -> Result<T, FieldError>,
    ) -> Option<Change<T>> {
        match self.get(name) {
            None => Some(Change::Keep),
            Some(Value::Null) => Some(Change::Clear),
            Some(value) => self.text(name, value, check).map(Change::Set),
        }
    }

    /// An object of a partial update: missing keeps it, `null` clears it.
    pub(crate) fn object(&mut self, name: &str) -> Option<Change<JsonObject>> {
        match self.get(name) {
            None => Some(Change::Keep),
            Some(Value::Null) => Some(Change::Clear),
            Some(value @ Value::Object(object)) => match JsonObject::new(object) {
                Ok(object) => Some(Change::Set(object)),
                Err(error) => self.refuse(name, Issue::field(name, &error), value),
            },
            Some(value) => {
                let loc = vec![json!("body"), json!(name)];
                let issue = Issue::new(loc, "dict_type", "Input should be a valid dictionary");
                self.refuse(name, issue, value)
            }
        }
    }

    fn get(&mut self, name: &str) -> Option<&'a Value> {
        self.has_secret |= SECRETS.contains(&name);
        self.object.get(name)
    }

    fn text<T>(
        &mut self,
        name: &str,
        value: &Value,
        check: impl FnOnce(&str) -> Result<T, FieldError>,
    ) -> Option<T> {
        let Value::String(text) = value else {
            let loc = vec![json!("body"), json!(name)];
            let issue = Issue::new(loc, "string_type", "Input should be a valid string");
            return self.refuse(name, issue, value);
        };
        match check(text) {
            Ok(checked) => Some(checked),
            Err(error) => self.refuse(name, Issue::field(name, &error), value),
        }
    }

    fn refuse<T>(&mut self, name: &str, issue: Issue, value: &Value) -> Option<T> {
        let shown = if SECRETS.contains(&name) { Value::Null } else { value.clone() };
        self.issues.push(issue.with_input(Input::Value(shown)));
        None
    }
}

/// Reads a body: leniently, then judges all of it, so that everything is reported at once.
pub(super) fn read<T: Body>(
    content_type: Option<&HeaderValue>,
    body: &[u8],
) -> Result<T, ApiError> {
    match parse(content_type, body).map_err(|issue| of_the_whole::<T>(*issue))? {
        Value::Object(object) => read_object(object),
        other => Err(of_the_whole::<T>(not_an_object(other))),
    }
}

fn read_object<T: Body>(object: Map<String, Value>) -> Result<T, ApiError> {
    let mut fields = Fields::new(&object);
    let read = T::read(&mut fields);
    let Fields { mut issues, has_secret, .. } = fields;
    match read {
        Some(body) if issues.is_empty() => Ok(body),
        Some(_) | None => {
            let shown = if has_secret { Value::Null } else { Value::Object(object) };
            issues.iter_mut().for_each(|issue| issue.show_body(&shown));
            Err(ApiError::Validation(issues))
        }
    }
}

/// Shows what was sent in errors that only the use case could find, secrets apart.
pub(super) fn show_what_was_sent(error: ApiError, body: &[u8]) -> ApiError {
    let ApiError::Validation(mut issues) = error else { return error };
    let sent = json::parse(body).unwrap_or_default();
    for issue in &mut issues {
        issue.show_field(|name| match sent.get(name) {
            Some(value) if !SECRETS.contains(&name) => value.clone(),
            Some(_) | None => Value::Null,
        });
    }
    ApiError::Validation(issues)
}

fn parse(content_type: Option<&HeaderValue>, body: &[u8]) -> Result<Value, Box<Issue>> {
    if body.is_empty() {
        let loc = vec![json!("body")];
        return Err(Box::new(Issue::new(loc, "missing", "Field required")));
    }
    if is_json(content_type) {
        json::parse(body)
    } else {
        Ok(Value::String(String::from_utf8_lossy(body).into_owned()))
    }
}

fn not_an_object(value: Value) -> Issue {
    let msg = "Input should be a valid dictionary or object to extract fields from";
    Issue::new(vec![json!("body")], "model_attributes_type", msg).with_input(Input::Value(value))
}

/// An error of the body as a whole: what was sent is not shown where the body may hold a secret,
/// which is found out by reading one that has no fields.
fn of_the_whole<T: Body>(issue: Issue) -> ApiError {
    let empty = Map::new();
    let mut fields = Fields::new(&empty);
    let _ = T::read(&mut fields);
    let issue = if fields.has_secret { issue.hide_body() } else { issue };
    ApiError::Validation(vec![issue])
}

/// `application/json` and `application/…+json`, in any case, with any parameters. Without a type the
/// body is taken for JSON.
fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let Some(content_type) = content_type else { return true };
    let Ok(text) = content_type.to_str() else { return false };
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some(subtype) = essence.strip_prefix("application/") else { return false };
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+%'*`|~".contains(c);
    (subtype == "json" || subtype.ends_with("+json")) && subtype.chars().all(token)
}
