//! The part of an address after the `@`: a domain name on the public internet.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_normalization::char::decompose_compatible;

use super::characters::{has_unsafe_character, is_domain_text};
use super::error::EmailError;
use super::idna2008;

/// The maximum length of a label in bytes (RFC 1035, section 2.3.4).
const MAX_LABEL_LENGTH: usize = 63;

/// Top-level names that are reserved and can't receive email (IANA registry of special-use domain names, RFC
/// 6761). The `example` names are in that registry too, but applications must treat them like any other.
const SPECIAL_USE: [&str; 6] = ["arpa", "invalid", "local", "localhost", "onion", "test"];

/// A domain name in both of its forms. The limit of 253 bytes isn't checked, because the limit on the whole
/// address is stricter.
#[derive(Debug)]
pub(super) struct Domain {
    unicode: String,
    ascii: String,
}

impl Domain {
    pub(super) fn parse(text: &str) -> Result<Self, EmailError> {
        check_characters(text)?;
        let unicode = to_unicode(text)?;
        check_periods(&unicode)?;
        unicode.split('.').try_for_each(check_label)?;

        let ascii = to_ascii(&unicode)?;
        check_host_name(&ascii)?;
        Ok(Self { unicode, ascii })
    }

    /// Returns the name for display: in lower case, with Punycode decoded.
    pub(super) fn unicode(&self) -> &str {
        &self.unicode
    }

    /// Returns the name as in the DNS, with Punycode.
    pub(super) fn ascii(&self) -> &str {
        &self.ascii
    }
}

/// Checks the text as it was entered, before UTS #46 removes some characters.
fn check_characters(text: &str) -> Result<(), EmailError> {
    if text.is_empty() {
        return Err(EmailError::EmptyDomain);
    }
    if text.starts_with('[') && text.ends_with(']') {
        return Err(EmailError::AddressLiteral);
    }
    if !text.chars().all(is_domain_text) || text.chars().any(hides_a_period) {
        return Err(EmailError::InvalidDomainCharacter);
    }
    if has_unsafe_character(text) {
        return Err(EmailError::UnsafeCharacter);
    }
    Ok(())
}

/// Returns `true` for a ligature that contains a period, such as `⒈`. The fullwidth full stop is not one: UTS
/// #46 treats it as a separator of labels.
fn hides_a_period(character: char) -> bool {
    let mut decomposes_to_period = false;
    if !matches!(character, '.' | '\u{FF0E}') {
        decompose_compatible(character, |part| decomposes_to_period |= part == '.');
    }
    decomposes_to_period
}

/// Applies `ToUnicode` of UTS #46, section 4.3, with the rules for joiners and right-to-left text.
/// [`check_label`] checks hyphens, because it returns a specific error for each case.
fn to_unicode(domain: &str) -> Result<String, EmailError> {
    let (unicode, verdict) =
        Uts46::new().to_unicode(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow);
    verdict.map_err(|_| EmailError::InvalidIdna)?;
    Ok(unicode.into_owned())
}

/// Applies `ToASCII` of UTS #46, section 4.2.
fn to_ascii(domain: &str) -> Result<String, EmailError> {
    Uts46::new()
        .to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow, DnsLength::Ignore)
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| EmailError::InvalidIdna)
}

fn check_periods(domain: &str) -> Result<(), EmailError> {
    if domain.ends_with('.') {
        Err(EmailError::TrailingPeriod)
    } else if domain.starts_with('.') {
        Err(EmailError::PeriodAfterAtSign)
    } else if domain.contains("..") {
        Err(EmailError::ConsecutivePeriods)
    } else {
        Ok(())
    }
}

/// Checks a label in Unicode by RFC 5891, section 4.2.3.
fn check_label(label: &str) -> Result<(), EmailError> {
    if label.starts_with('-') || label.ends_with('-') {
        return Err(EmailError::HyphenAtLabelEdge);
    }
    if label.chars().skip(2).take(2).eq(['-', '-']) {
        return Err(EmailError::ReservedLabel);
    }
    if !idna2008::is_permitted(label) {
        return Err(EmailError::DisallowedByIdna);
    }
    Ok(())
}

/// Checks that the name can exist on the public internet, beyond its syntax.
fn check_host_name(ascii: &str) -> Result<(), EmailError> {
    if ascii.split('.').any(|label| label.len() > MAX_LABEL_LENGTH) {
        return Err(EmailError::LabelTooLong);
    }
    let Some((_, top_level)) = ascii.rsplit_once('.') else {
        return Err(EmailError::MissingPeriod);
    };
    if !top_level.ends_with(|last: char| last.is_ascii_alphabetic()) {
        return Err(EmailError::InvalidTopLevelDomain);
    }
    if SPECIAL_USE.contains(&top_level) {
        return Err(EmailError::SpecialUseDomain);
    }
    Ok(())
}
