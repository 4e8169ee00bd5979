//! Errors in the values of fields.

use garde::rules::length::chars;

use crate::account::email::EmailError;

/// The reason why a value is invalid. The API, the pages, and the CLI each turn it into their own message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// The text has fewer code points than the minimum.
    #[error("must have at least {min} characters")]
    TooShort {
        /// The minimum number of code points.
        min: usize,
    },
    /// The text has more code points than the maximum.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The maximum number of code points.
        max: usize,
    },
    /// The text contains characters that aren't allowed.
    #[error("must match {pattern}")]
    Pattern {
        /// The rule as a regular expression for documentation. It isn't compiled.
        pattern: &'static str,
    },
    /// The text isn't an email address.
    #[error(transparent)]
    Email(#[from] EmailError),
    /// The text isn't an `http` or `https` URL.
    #[error("must be an http or https URL")]
    UrlInvalid,
    /// The text isn't a name in the IANA time zone database.
    #[error("must be an IANA time zone name such as Europe/Berlin")]
    TimezoneUnknown,
    /// The text isn't a well-formed language tag (BCP 47).
    #[error("must be a BCP 47 language tag such as de-CH")]
    LocaleInvalid,
    /// The serialized value is larger than the maximum.
    #[error("must be at most {max_bytes} bytes when serialized")]
    TooLarge {
        /// The maximum size in bytes.
        max_bytes: usize,
    },
    /// The number is smaller than the minimum.
    #[error("must be at least {min}")]
    TooSmall {
        /// The minimum.
        min: i64,
    },
    /// The number is greater than the maximum.
    #[error("must be at most {max}")]
    TooGreat {
        /// The maximum.
        max: i64,
    },
    /// The text isn't the name of a role.
    #[error("must be the name of a role")]
    RoleUnknown,
    /// The password is common, or is the account's email address or username.
    #[error("is too easy to guess: choose another password")]
    PasswordTooCommon,
}

/// Returns the text in a form that every database can store. PostgreSQL's `text` can't store NUL, so U+FFFD
/// replaces it, as in HTML and CommonMark.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// Checks that a text has `min` to `max` code points.
///
/// # Errors
/// Returns [`FieldError::TooShort`] or [`FieldError::TooLong`].
///
/// ```
/// use doorward_domain::field::{FieldError, check_length};
///
/// assert_eq!(check_length("😀😀", 2, 2), Ok(()));
/// assert_eq!(check_length("", 1, 5), Err(FieldError::TooShort { min: 1 }));
/// ```
pub fn check_length(text: &str, min: usize, max: usize) -> Result<(), FieldError> {
    chars::apply(&text, (min, usize::MAX)).map_err(|_| FieldError::TooShort { min })?;
    chars::apply(&text, (0, max)).map_err(|_| FieldError::TooLong { max })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_code_points() {
        assert_eq!(check_length("😀😀", 2, 2), Ok(()));
        assert_eq!(check_length("e\u{301}", 0, 1), Err(FieldError::TooLong { max: 1 }));
        assert_eq!(check_length("", 1, 5), Err(FieldError::TooShort { min: 1 }));
    }
}
