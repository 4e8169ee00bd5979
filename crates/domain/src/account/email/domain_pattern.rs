use std::{fmt, str::FromStr};

use super::{Domain, EmailAddress, EmailError};

/// A domain of email addresses, such as `example.com`, or all subdomains of one, such as `*.example.com`.
///
/// ```
/// use doorward_domain::account::email::{DomainPattern, EmailAddress, EmailError};
///
/// let email = EmailAddress::parse("ann@mail.example.com")?;
/// assert!("*.example.com".parse::<DomainPattern>()?.matches(&email));
/// assert!(!"example.com".parse::<DomainPattern>()?.matches(&email));
/// # Ok::<(), EmailError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainPattern {
    /// In the normal form of email addresses.
    domain: String,
    is_below: bool,
}

impl DomainPattern {
    /// Returns `true` if the domain of the address matches.
    pub fn matches(&self, email: &EmailAddress) -> bool {
        let domain = email.domain();
        if self.is_below {
            domain.strip_suffix(self.domain.as_str()).is_some_and(|rest| rest.ends_with('.'))
        } else {
            domain == self.domain
        }
    }
}

impl FromStr for DomainPattern {
    type Err = EmailError;

    /// Parses a domain in Unicode or Punycode, optionally with `@` before it.
    fn from_str(text: &str) -> Result<Self, EmailError> {
        let (is_below, domain) = match text.strip_prefix("*.") {
            Some(domain) => (true, domain),
            None => (false, text.strip_prefix('@').unwrap_or(text)),
        };
        Ok(Self { domain: Domain::parse(domain)?.unicode().to_owned(), is_below })
    }
}

impl fmt::Display for DomainPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_below { "*." } else { "" }, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, address: &str) -> bool {
        let pattern: DomainPattern = pattern.parse().unwrap();
        pattern.matches(&EmailAddress::parse(address).unwrap())
    }

    #[test]
    fn domain_matches_without_regard_to_case_and_form() {
        assert!(matches("Example.COM", "ann@example.com"));
        assert!(matches("@example.com", "ann@EXAMPLE.com"));
        assert!(matches("xn--mnchen-3ya.de", "ann@münchen.de"));
        assert!(matches("münchen.de", "ann@xn--mnchen-3ya.de"));
        for other in ["ann@mail.example.com", "ann@badexample.com", "ann@example.com.evil.org"] {
            assert!(!matches("example.com", other), "{other}");
        }
    }

    #[test]
    fn wildcard_matches_subdomains_and_not_the_domain_itself() {
        assert!(matches("*.example.com", "ann@mail.example.com"));
        assert!(matches("*.example.com", "ann@a.b.example.com"));
        assert!(!matches("*.example.com", "ann@example.com"));
        assert!(!matches("*.example.com", "ann@bad-example.com"));
    }

    #[test]
    fn invalid_domain_pattern_is_rejected() {
        for text in ["", "*", "*.", "example", "ann@example.com", "https://example.com", "a b.com"]
        {
            assert!(text.parse::<DomainPattern>().is_err(), "{text}");
        }
    }
}
