//! Email addresses, accepted and normalized as Python's `email-validator` does.
//!
//! The grammar is the `addr-spec` of RFC 5322, section 3.4.1, extended to Unicode by RFC 6531, section 3.3.
//! Forms that users don't enter on a sign-up page are rejected: quoted local parts, address literals,
//! comments, and display names. The domain has to be a name on the public internet that is valid under IDNA
//! 2008. In contrast to `email-validator`, which checks the length of the local part only in strict mode, the
//! limit of RFC 5321 always applies.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

mod characters;
mod domain;
mod domain_pattern;
mod error;
mod idna2008;
mod local_part;
#[cfg(test)]
mod tests;

pub use domain_pattern::DomainPattern;
pub use error::EmailError;

use domain::Domain;

/// The maximum length of an input in code points, including surrounding white space.
const MAX_INPUT_CODE_POINTS: usize = 2048;

/// An email address in normal form: the local part in NFC with its case kept, the domain in lower case and
/// Unicode.
///
/// Two addresses are equal if their normal forms are equal. To decide whether they may belong to two
/// accounts, compare [`EmailAddress::key`].
///
/// ```
/// use doorward_domain::account::email::{EmailAddress, EmailError};
///
/// let email = EmailAddress::parse(" Ann@EXAMPLE.com ")?;
/// assert_eq!(email.as_str(), "Ann@example.com");
/// assert_eq!(email.key(), "ann@example.com");
/// assert_eq!((email.local_part(), email.domain()), ("Ann", "example.com"));
///
/// assert_eq!(EmailAddress::parse("ann"), Err(EmailError::MissingAtSign));
/// # Ok::<(), EmailError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    normal_form: String,
}

impl EmailAddress {
    /// The maximum length of an address in UTF-8 bytes. RFC 5321, section 4.5.3.1.3, limits a path to 256
    /// bytes, two of which are the angle brackets.
    pub const MAX_LENGTH: usize = 254;

    /// Parses and normalizes an address. White space around it is ignored.
    ///
    /// # Errors
    ///
    /// Returns [`EmailError`] with the first reason found why no message can be sent to the text.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let address = trim(text)?;
        check_length(address.len())?;
        let (local_part, domain) = split_at_sign(address)?;

        let local_part = local_part::normalize(local_part)?;
        let domain = Domain::parse(domain)?;
        let normal_form = format!("{local_part}@{}", domain.unicode());
        check_length(normal_form.len())?;
        // Mail servers without SMTPUTF8 get this form, which must fit as well.
        check_length(local_part.len() + 1 + domain.ascii().len())?;
        // Checked last, because `email-validator` doesn't have this rule: if it rejects an address, its
        // message is used.
        local_part::check_length(&local_part)?;
        Ok(Self { normal_form })
    }

    /// Restores a stored [`EmailAddress::as_str`]. It isn't checked again, because the rules may have changed
    /// since, and that must not make an account unreadable.
    #[must_use]
    pub fn from_stored(normal_form: String) -> Self {
        Self { normal_form }
    }

    /// Returns the normal form, which is stored, shown, and sent to the mail server.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.normal_form
    }

    /// Returns the form in which addresses are compared for uniqueness: without regard to case, in NFC.
    ///
    /// RFC 5321, section 2.4, leaves the case of a local part to the receiving host. In practice no host
    /// assigns `Ann` and `ann` to two users.
    #[must_use]
    pub fn key(&self) -> String {
        self.normal_form.to_lowercase().nfc().collect()
    }

    /// Returns the part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.parts().0
    }

    /// Returns the part after the `@`, in Unicode.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        self.normal_form.split_once('@').unwrap_or((&self.normal_form, ""))
    }
}

/// Masks the address, so that `{:?}` doesn't write it to a log.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (local_part, domain) = self.parts();
        let initial = local_part.chars().next().unwrap_or('*');
        write!(formatter, "EmailAddress({initial}***@{domain})")
    }
}

/// Removes white space around the address. A line break is rejected even there, because it may be an attempt
/// to inject a header into an email.
fn trim(text: &str) -> Result<&str, EmailError> {
    if text.chars().count() > MAX_INPUT_CODE_POINTS {
        return Err(EmailError::InputTooLong);
    }
    if text.contains(['\r', '\n']) {
        return Err(EmailError::LineBreak);
    }
    Ok(text.trim_matches(characters::is_blank))
}

fn check_length(bytes: usize) -> Result<(), EmailError> {
    if bytes > EmailAddress::MAX_LENGTH { Err(EmailError::TooLong) } else { Ok(()) }
}

/// Splits at the first `@`. One inside a quoted local part doesn't matter, because quoting is rejected; a
/// second one is rejected as a character of the domain.
fn split_at_sign(address: &str) -> Result<(&str, &str), EmailError> {
    if address.ends_with('>') && address.contains('<') {
        return Err(EmailError::DisplayName);
    }
    address.split_once('@').ok_or(EmailError::MissingAtSign)
}
