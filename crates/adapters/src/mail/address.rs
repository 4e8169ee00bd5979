use std::{fmt, str::FromStr};

use doorward_domain::account::email::{EmailAddress, EmailError};

/// An email address with an optional display name: `Doorward <auth@example.com>`, or the address alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAddress {
    /// The display name, if there is one.
    pub name: Option<String>,
    /// The email address.
    pub address: EmailAddress,
}

/// The text is not an email address with an optional display name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNamedAddress {
    /// The email address is invalid.
    #[error("write it like auth@example.com or Doorward <auth@example.com>: {0}")]
    Address(#[from] EmailError),
    /// The display name can't be used in a header.
    #[error(
        "the name before the address must have at most 100 characters, and no line breaks or control characters"
    )]
    Name,
}

/// The maximum length of a display name in characters.
const MAX_NAME: usize = 100;

impl From<EmailAddress> for NamedAddress {
    fn from(address: EmailAddress) -> Self {
        Self { name: None, address }
    }
}

impl FromStr for NamedAddress {
    type Err = InvalidNamedAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let split = text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<'));
        let Some((name, address)) = split else {
            return Ok(Self { name: None, address: EmailAddress::parse(text)? });
        };
        let name = unquote(name.trim());
        if name.chars().any(char::is_control) || name.chars().count() > MAX_NAME {
            return Err(InvalidNamedAddress::Name);
        }
        let address = EmailAddress::parse(address)?;
        Ok(Self { name: Some(name).filter(|name| !name.is_empty()), address })
    }
}

/// Removes the quotes of RFC 5322 (section 3.2.4). They are added again where required.
fn unquote(name: &str) -> String {
    let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    let Some(quoted) = quoted else { return name.to_owned() };
    let mut chars = quoted.chars();
    let mut plain = String::new();
    while let Some(char) = chars.next() {
        plain.push(if char == '\\' { chars.next().unwrap_or(char) } else { char });
    }
    plain.trim().to_owned()
}

/// Formats the address so that it can be parsed again.
impl fmt::Display for NamedAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.address.as_str()),
            None => f.write_str(self.address.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Option<String>, String) {
        let parsed: NamedAddress = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        (parsed.name, parsed.address.as_str().to_owned())
    }

    #[test]
    fn address_is_parsed_with_and_without_display_name() {
        for (text, name) in [
            ("a@example.com", None),
            (" a@example.com ", None),
            ("<a@example.com>", None),
            ("\"\" <a@example.com>", None),
            ("Doorward <a@example.com>", Some("Doorward")),
            ("Doorward<a@example.com>", Some("Doorward")),
            ("\"Acme, Inc.\" <a@example.com>", Some("Acme, Inc.")),
            ("Acme, Inc. <a@example.com>", Some("Acme, Inc.")),
            ("\"The \\\"Door\\\"\" <a@example.com>", Some("The \"Door\"")),
            ("Größe & Maß <a@example.com>", Some("Größe & Maß")),
            ("a < b <a@example.com>", Some("a < b")),
        ] {
            assert_eq!(parsed(text), (name.map(ToOwned::to_owned), "a@example.com".to_owned()));
            let shown = text.parse::<NamedAddress>().unwrap().to_string();
            assert_eq!(parsed(&shown), parsed(text), "{shown}");
        }
    }

    #[test]
    fn invalid_address_is_rejected() {
        for text in ["", "ann", "Doorward", "Doorward <ann>", "a@example.com <b", "<>"] {
            let refused = text.parse::<NamedAddress>();
            assert!(matches!(refused, Err(InvalidNamedAddress::Address(_))), "{text}: {refused:?}");
        }
        for name in ["a\r\nBcc: b@example.com", "a\tb", &"x".repeat(101)] {
            let refused = format!("{name} <a@example.com>").parse::<NamedAddress>();
            assert_eq!(refused, Err(InvalidNamedAddress::Name), "{name}");
        }
    }
}
