//! Adds what OpenAPI can express and utoipa's types can't.

use serde_json::{Value, json};

/// Fills the gaps in `node` and everything below it.
pub(super) fn fill(node: &mut Value) {
    match node {
        // Client generators support the constant; few support the type.
        Value::Object(schema) if schema.get("type") == Some(&json!("null")) => {
            schema.remove("type");
            schema.insert("const".to_owned(), Value::Null);
        }
        Value::Object(object) => {
            if let Some(Value::Object(headers)) = object.get_mut("headers") {
                headers.values_mut().for_each(require);
            }
            object.values_mut().for_each(fill);
        }
        Value::Array(items) => items.iter_mut().for_each(fill),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Marks a header as required: every listed header is always sent.
fn require(header: &mut Value) {
    if let Value::Object(header) = header
        && header.contains_key("schema")
    {
        header.insert("required".to_owned(), Value::Bool(true));
    }
}
