//! What can be wrong with a field that a person or a program filled in.

use garde::rules::length::chars;

use crate::email::EmailError;

/// Why a value is refused, in a form that each delivery turns into its own words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// Fewer code points than the rule asks for.
    #[error("must have at least {min} characters")]
    TooShort {
        /// The least number of code points.
        min: usize,
    },
    /// More code points than the rule allows.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The greatest number of code points.
        max: usize,
    },
    /// Characters that the rule does not allow.
    #[error("must match {pattern}")]
    Pattern {
        /// The rule as a regular expression, for the reader: it is not compiled.
        pattern: &'static str,
    },
    /// Not an e-mail address.
    #[error(transparent)]
    Email(#[from] EmailError),
    /// Not an `http` or `https` URL.
    #[error("must be an http or https URL")]
    UrlInvalid,
    /// Not a name of the IANA time zone database.
    #[error("must be an IANA time zone name such as Europe/Berlin")]
    TimezoneUnknown,
    /// Not a well-formed language tag (BCP 47).
    #[error("must be a BCP 47 language tag such as de-CH")]
    LocaleInvalid,
    /// Larger than the limit when serialised.
    #[error("must be at most {max_bytes} bytes when serialised")]
    TooLarge {
        /// The greatest size in bytes.
        max_bytes: usize,
    },
    /// A number that is smaller than the rule allows.
    #[error("must be at least {min}")]
    TooSmall {
        /// The least number.
        min: i64,
    },
    /// A number that is greater than the rule allows.
    #[error("must be at most {max}")]
    TooGreat {
        /// The greatest number.
        max: i64,
    },
    /// Not the name of a role.
    #[error("must be the name of a role")]
    RoleUnknown,
    /// On the list of common passwords, or one of the account's own words.
    #[error("is too easy to guess: choose another password")]
    PasswordTooCommon,
}

/// The text in a form that every database can store: PostgreSQL's `text` can't hold a NUL, which
/// becomes U+FFFD, as in HTML and CommonMark.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// The rule for a length of `min` to `max` code points.
///
/// # Errors
/// [`FieldError::TooShort`] or [`FieldError::TooLong`].
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
