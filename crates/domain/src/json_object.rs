//! A JSON object that a client stores and reads back unchanged.

use serde_json::{Map, Value};

use crate::field::FieldError;

/// A JSON object as compact text, of at most 16 KiB. The order of keys and the digits of numbers are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonObject(Box<str>);

impl JsonObject {
    /// The maximum size of the compact text in bytes.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Creates a value from an object in a request body.
    ///
    /// # Errors
    /// Returns [`FieldError::TooLarge`] if the text is longer than [`JsonObject::MAX_BYTES`].
    ///
    /// ```
    /// use doorward_domain::json_object::JsonObject;
    ///
    /// let text = r#"{ "theme": "dark" }"#;
    /// let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap();
    /// assert_eq!(JsonObject::new(&object).unwrap().as_str(), r#"{"theme":"dark"}"#);
    /// ```
    pub fn new(object: &Map<String, Value>) -> Result<Self, FieldError> {
        let text = serde_json::to_string(object)
            .map_err(|_| FieldError::TooLarge { max_bytes: Self::MAX_BYTES })?;
        if text.len() > Self::MAX_BYTES {
            return Err(FieldError::TooLarge { max_bytes: Self::MAX_BYTES });
        }
        Ok(Self(text.into()))
    }

    /// Restores a stored [`JsonObject::as_str`]. It isn't checked again.
    pub fn from_stored(text: String) -> Self {
        Self(text.into())
    }

    /// Returns the compact JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for JsonObject {
    fn default() -> Self {
        Self("{}".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn json_object_keeps_key_order_and_digits() {
        let text = r#"{"z":12345678901234567890123,"a":0.10,"n":"\u0000"}"#;
        assert_eq!(JsonObject::new(&object(text)).unwrap().as_str(), text);
    }

    #[test]
    fn json_object_size_is_bounded() {
        let text = format!(r#"{{"a":"{}"}}"#, "x".repeat(JsonObject::MAX_BYTES));
        assert_eq!(
            JsonObject::new(&object(&text)),
            Err(FieldError::TooLarge { max_bytes: JsonObject::MAX_BYTES })
        );
    }
}
