//! The part of an address before the `@`.

use unicode_normalization::UnicodeNormalization;

use super::characters::{has_unsafe_character, is_atom_text};
use super::error::EmailError;

/// The maximum length of a local part in bytes (RFC 5321, section 4.5.3.1.1).
const MAX_LENGTH: usize = 64;

/// Mailbox names of roles, which don't depend on case (RFC 2142, sections 3 to 5).
const ROLE_NAMES: [&str; 15] = [
    "info",
    "marketing",
    "sales",
    "support",
    "abuse",
    "noc",
    "security",
    "postmaster",
    "hostmaster",
    "usenet",
    "news",
    "webmaster",
    "www",
    "uucp",
    "ftp",
];

/// Returns the normal form of a local part: NFC (RFC 6532, section 3.1), with its case kept unless it is the
/// name of a role.
pub(super) fn normalize(text: &str) -> Result<String, EmailError> {
    check(text)?;
    let local_part: String = text.nfc().collect();
    // Checked again, because NFC can introduce disallowed characters: U+037E becomes a semicolon.
    check(&local_part)?;
    let is_role = ROLE_NAMES.iter().any(|name| name.eq_ignore_ascii_case(&local_part));
    Ok(if is_role { local_part.to_ascii_lowercase() } else { local_part })
}

/// Checks a local part in normal form against the limit of RFC 5321.
pub(super) fn check_length(local_part: &str) -> Result<(), EmailError> {
    if local_part.len() > MAX_LENGTH { Err(EmailError::LocalPartTooLong) } else { Ok(()) }
}

/// Checks for `Dot-string` of RFC 5321, section 4.1.2, with the characters of RFC 6531, section 3.3.
fn check(local_part: &str) -> Result<(), EmailError> {
    if local_part.is_empty() {
        return Err(EmailError::EmptyLocalPart);
    }
    if local_part.starts_with('"') {
        return Err(EmailError::QuotedLocalPart);
    }
    if !local_part.chars().all(|character| is_atom_text(character) || character == '.') {
        return Err(EmailError::InvalidLocalPartCharacter);
    }
    check_periods(local_part)?;
    if has_unsafe_character(local_part) {
        return Err(EmailError::UnsafeCharacter);
    }
    Ok(())
}

fn check_periods(local_part: &str) -> Result<(), EmailError> {
    if local_part.ends_with('.') {
        Err(EmailError::PeriodBeforeAtSign)
    } else if local_part.starts_with('.') {
        Err(EmailError::LeadingPeriod)
    } else if local_part.contains("..") {
        Err(EmailError::ConsecutivePeriods)
    } else {
        Ok(())
    }
}
