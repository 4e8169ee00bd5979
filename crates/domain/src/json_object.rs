//! A JSON object that a client stores with us and gets back as it was.

use serde_json::{Map, Value};

use crate::field::FieldError;

/// A JSON object, kept as its compact text, of at most 16 KiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonObject(Box<str>);

impl JsonObject {
    /// The greatest size in bytes, serialised.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Takes an object of a request's body.
    ///
    /// # Errors
    /// [`FieldError::TooLarge`].
    pub fn new(object: &Map<String, Value>) -> Result<Self, FieldError> {
        let text = serde_json::to_string(object)
            .map_err(|_| FieldError::TooLarge { max_bytes: Self::MAX_BYTES })?;
        if text.len() > Self::MAX_BYTES {
            return Err(FieldError::TooLarge { max_bytes: Self::MAX_BYTES });
        }
        Ok(Self(text.into()))
    }

    /// Takes back what storage got from [`JsonObject::as_str`]. It is not judged again.
    pub fn from_stored(text: String) -> Self {
        Self(text.into())
    }

    /// The compact JSON text.
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
    fn keeps_order_and_every_digit() {
        let text = r#"{"z":12345678901234567890123,"a":0.10,"n":"\u0000"}"#;
        assert_eq!(JsonObject::new(&object(text)).unwrap().as_str(), text);
    }

    #[test]
    fn is_bounded() {
        let text = format!(r#"{{"a":"{}"}}"#, "x".repeat(JsonObject::MAX_BYTES));
        assert_eq!(
            JsonObject::new(&object(&text)),
            Err(FieldError::TooLarge { max_bytes: JsonObject::MAX_BYTES })
        );
    }
}
