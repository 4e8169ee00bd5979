//! The name a person signs in with.

use crate::field::{FieldError, check_length};

/// A user name: 3–64 of `A-Z a-z 0-9 _ . -`, its case kept, unique without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Username(String);

impl Username {
    /// The least number of characters.
    pub const MIN: usize = 3;
    /// The greatest number of characters.
    pub const MAX: usize = 64;
    /// The rule for its characters, as a regular expression for the reader.
    pub const PATTERN: &str = "^[A-Za-z0-9_.-]+$";

    /// Judges a text by the rules for user names.
    ///
    /// # Errors
    /// The first rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_length(text, Self::MIN, Self::MAX)?;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        if text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldError::Pattern { pattern: Self::PATTERN })
        }
    }

    /// Takes back what storage got from [`Username::as_str`]. It is not judged again: the rules may
    /// have moved on since, and an account must not be lost for that.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The name as it was chosen.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_its_case_and_compares_without() {
        let name = Username::parse("Ann.Lee").unwrap();
        assert_eq!((name.as_str(), name.key().as_str()), ("Ann.Lee", "ann.lee"));
    }

    #[test]
    fn length_is_judged_before_characters() {
        assert_eq!(Username::parse("!!"), Err(FieldError::TooShort { min: 3 }));
        assert_eq!(Username::parse(&"!".repeat(65)), Err(FieldError::TooLong { max: 64 }));
        for text in ["ann lee", "ann\n", "änn", "a@b", "ann\0"] {
            assert!(matches!(Username::parse(text), Err(FieldError::Pattern { .. })), "{text:?}");
        }
    }
}
