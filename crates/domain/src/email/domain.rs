//! The part of an address after the @-sign: a domain name on the public internet.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_normalization::char::decompose_compatible;

use super::characters::{has_unsafe_character, is_domain_text};
use super::error::EmailError;
use super::idna2008;

/// The longest label in octets (RFC 1035 section 2.3.4).
const MAX_LABEL_LENGTH: usize = 63;

/// Top-level names that are set aside and have no mail (the IANA registry of special-use domain
/// names, RFC 6761). The `example` names are in that registry too, but an application is to treat
/// them like any other.
const SPECIAL_USE: [&str; 6] = ["arpa", "invalid", "local", "localhost", "onion", "test"];

/// A domain name in both its forms. There is no check of the 253 octets a name may have: the limit
/// on the whole address is tighter.
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

    /// The name for people to read: lower case, Punycode decoded.
    pub(super) fn unicode(&self) -> &str {
        &self.unicode
    }

    /// The name as the DNS has it, with Punycode.
    pub(super) fn ascii(&self) -> &str {
        &self.ascii
    }
}

/// Looks at the text as it was typed, before UTS #46 maps some characters away.
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

/// Whether the character is a ligature with a period in it, like `⒈`. The fullwidth full stop is
/// not: UTS #46 has it among the separators of labels.
fn hides_a_period(character: char) -> bool {
    let mut decomposes_to_period = false;
    if !matches!(character, '.' | '\u{FF0E}') {
        decompose_compatible(character, |part| decomposes_to_period |= part == '.');
    }
    decomposes_to_period
}

/// `ToUnicode` of UTS #46 section 4.3, with the rules on joiners and on right-to-left text. Hyphens
/// are left to [`check_label`], which gives its reasons.
fn to_unicode(domain: &str) -> Result<String, EmailError> {
    let (unicode, verdict) =
        Uts46::new().to_unicode(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow);
    verdict.map_err(|_| EmailError::InvalidIdna)?;
    Ok(unicode.into_owned())
}

/// `ToASCII` of UTS #46 section 4.2.
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

/// A label in Unicode against RFC 5891 section 4.2.3.
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

/// What is asked of the name beyond its syntax: that it can be somebody's on the public internet.
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
