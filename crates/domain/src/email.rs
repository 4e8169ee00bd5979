//! E-mail addresses, taken and normalised as Python's `email-validator` does it.
//!
//! The grammar is the addr-spec of RFC 5322 section 3.4.1 as RFC 6531 section 3.3 extends it to
//! Unicode, without the forms nobody types into a sign-up page: quoted local parts, address
//! literals, comments, display names. The domain is a name on the public internet, held to IDNA
//! 2008. `email-validator` only looks at the length of the local part when it is told to be
//! strict; here RFC 5321's limit always holds.

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

/// The longest text that is looked at at all, in code points, blanks around the address included.
const MAX_INPUT_CODE_POINTS: usize = 2048;

/// An e-mail address in its normal form: the local part in NFC with its case kept, the domain
/// lower-cased and in Unicode.
///
/// Two addresses are equal when their normal forms are. Whether they may belong to two accounts is
/// another question, which [`EmailAddress::key`] answers.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    normal_form: String,
}

impl EmailAddress {
    /// The longest address in octets of UTF-8 (RFC 5321 section 4.5.3.1.3: a path of 256 octets,
    /// of which two are the angle brackets).
    pub const MAX_LENGTH: usize = 254;

    /// Reads an address and brings it into its normal form. Blanks around it are dropped.
    ///
    /// # Errors
    ///
    /// The first reason found why the text is not an address that mail can be sent to.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let address = trim(text)?;
        check_length(address.len())?;
        let (local_part, domain) = split_at_sign(address)?;

        let local_part = local_part::normalize(local_part)?;
        let domain = Domain::parse(domain)?;
        let normal_form = format!("{local_part}@{}", domain.unicode());
        check_length(normal_form.len())?;
        // What a mail server without SMTPUTF8 would be given must fit as well.
        check_length(local_part.len() + 1 + domain.ascii().len())?;
        // Last, since it is no rule of email-validator: what that refuses is refused in its words.
        local_part::check_length(&local_part)?;
        Ok(Self { normal_form })
    }

    /// Takes back what storage got from [`EmailAddress::as_str`]. It is not judged again: the rules
    /// may have moved on since, and an account must not be lost for that.
    #[must_use]
    pub fn from_stored(normal_form: String) -> Self {
        Self { normal_form }
    }

    /// The normal form: what is stored, shown, and given to the mail server.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.normal_form
    }

    /// The form in which addresses are compared for uniqueness: without regard to case, in NFC.
    ///
    /// RFC 5321 section 2.4 leaves the case of a local part to the receiving host; in practice no
    /// host gives `Ann` and `ann` to two people.
    #[must_use]
    pub fn key(&self) -> String {
        self.normal_form.to_lowercase().nfc().collect()
    }

    /// The part before the @-sign.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.parts().0
    }

    /// The part after the @-sign, in Unicode.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        self.normal_form.split_once('@').unwrap_or((&self.normal_form, ""))
    }
}

/// Masked, so that an address does not end up in a log by way of `{:?}`.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (local_part, domain) = self.parts();
        let initial = local_part.chars().next().unwrap_or('*');
        write!(formatter, "EmailAddress({initial}***@{domain})")
    }
}

/// Drops the blanks around the address. A line break is refused even there: somebody who sends one
/// may be after the header of a mail.
fn trim(text: &str) -> Result<&str, EmailError> {
    if text.chars().count() > MAX_INPUT_CODE_POINTS {
        return Err(EmailError::InputTooLong);
    }
    if text.contains(['\r', '\n']) {
        return Err(EmailError::LineBreak);
    }
    Ok(text.trim_matches(characters::is_blank))
}

fn check_length(octets: usize) -> Result<(), EmailError> {
    if octets > EmailAddress::MAX_LENGTH { Err(EmailError::TooLong) } else { Ok(()) }
}

/// Splits at the first @-sign. One inside a quoted local part needs no care, since quoting is
/// refused; a second one is refused as a character of the domain.
fn split_at_sign(address: &str) -> Result<(&str, &str), EmailError> {
    if address.ends_with('>') && address.contains('<') {
        return Err(EmailError::DisplayName);
    }
    address.split_once('@').ok_or(EmailError::MissingAtSign)
}
