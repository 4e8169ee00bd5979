use std::{fmt, net::IpAddr, str::FromStr};

use percent_encoding::percent_decode_str;
use url::{Host, Url};
use zeroize::Zeroizing;

/// The ports of submission (RFC 6409) and of submission over TLS (RFC 8314, section 3.3).
const SUBMISSION: u16 = 587;
const SUBMISSIONS: u16 = 465;

/// The URL of a mail server, with its credentials and the use of TLS.
#[derive(Clone)]
pub struct SmtpUrl {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) login: Option<Login>,
}

/// When a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// From the first byte.
    Tls,
    /// With STARTTLS, which is required.
    StartTls,
    /// With STARTTLS if the server offers it, which a machine-in-the-middle can suppress.
    StartTlsIfOffered,
    /// Never.
    Clear,
}

/// The credentials of a client.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: Zeroizing<String>,
}

/// The text is not the URL of a usable mail server. It may contain a password, so no error repeats it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidSmtpUrl {
    /// It is not a mail server URL.
    #[error(
        "a mail server URL looks like smtp://user:password@host:587, or starts with smtps:// (implicit TLS); \
         special characters in the user and the password must be percent-encoded"
    )]
    Unreadable,
    /// It has a user without a password, or a password without a user.
    #[error("a mail server URL must have both a user and a password, or neither")]
    HalfALogin,
    /// It has an unknown parameter.
    #[error(
        "only ?starttls=required, ?starttls=optional, or ?starttls=never may follow the host of a mail server URL"
    )]
    UnknownParameter,
    /// It combines implicit TLS with STARTTLS.
    #[error("smtps:// uses TLS from the first byte: remove starttls")]
    StartTlsWithinTls,
}

impl FromStr for SmtpUrl {
    type Err = InvalidSmtpUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| InvalidSmtpUrl::Unreadable)?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or(InvalidSmtpUrl::Unreadable)?;
        // The parser doesn't normalize the host in URLs with an unknown scheme.
        let host = Host::parse(host).map_err(|_| InvalidSmtpUrl::Unreadable)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(InvalidSmtpUrl::UnknownParameter);
        }
        let host = match host {
            Host::Domain(name) => name,
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let (security, port) = match (url.scheme(), starttls(&url)?) {
            ("smtps", None) => (Security::Tls, SUBMISSIONS),
            ("smtps", Some(_)) => return Err(InvalidSmtpUrl::StartTlsWithinTls),
            ("smtp", Some(security)) => (security, SUBMISSION),
            // Traffic of a machine with itself can't be intercepted.
            ("smtp", None) if is_loopback(&host) => (Security::StartTlsIfOffered, SUBMISSION),
            ("smtp", None) => (Security::StartTls, SUBMISSION),
            _ => return Err(InvalidSmtpUrl::Unreadable),
        };
        Ok(Self { host, port: url.port().unwrap_or(port), security, login: login(&url)? })
    }
}

fn is_loopback(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == "localhost",
    }
}

fn starttls(url: &Url) -> Result<Option<Security>, InvalidSmtpUrl> {
    match url.query() {
        None | Some("") => Ok(None),
        Some("starttls=required") => Ok(Some(Security::StartTls)),
        Some("starttls=optional") => Ok(Some(Security::StartTlsIfOffered)),
        Some("starttls=never") => Ok(Some(Security::Clear)),
        Some(_) => Err(InvalidSmtpUrl::UnknownParameter),
    }
}

fn login(url: &Url) -> Result<Option<Login>, InvalidSmtpUrl> {
    let decode = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8();
        decoded.map(|text| text.into_owned()).map_err(|_| InvalidSmtpUrl::Unreadable)
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None | Some("")) => Err(InvalidSmtpUrl::HalfALogin),
        (user, Some(password)) => {
            Ok(Some(Login { user: decode(user)?, password: Zeroizing::new(decode(password)?) }))
        }
    }
}

impl SmtpUrl {
    /// Returns `true` if the password may be sent without TLS: on the loopback interface, or if the URL allows it.
    pub(super) fn may_sign_in_clear(&self) -> bool {
        self.security == Security::Clear || is_loopback(&self.host)
    }
}

/// Formats the URL without user and password, for logs and messages.
impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.security == Security::Tls { "smtps" } else { "smtp" };
        match self.host.contains(':') {
            true => write!(f, "{scheme}://[{}]:{}", self.host, self.port),
            false => write!(f, "{scheme}://{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<SmtpUrl, InvalidSmtpUrl> {
        text.parse()
    }

    #[test]
    fn smtp_password_is_decoded_and_not_displayed() {
        let url = parse("smtp://ann%40example.com:hunter%2f2%3A@mail.example").unwrap();
        let login = url.login.clone().unwrap();
        assert_eq!(
            (login.user.as_str(), login.password.as_str()),
            ("ann@example.com", "hunter/2:")
        );
        assert_eq!(format!("{url} {url:?}"), "smtp://mail.example:587 smtp://mail.example:587");
    }

    #[test]
    fn remote_smtp_without_tls_requires_opt_in() {
        for (text, security) in [
            ("smtp://mail.example", Security::StartTls),
            ("smtp://192.0.2.7:25", Security::StartTls),
            ("smtp://localhost.example", Security::StartTls),
            ("smtp://mail.example?starttls=required", Security::StartTls),
            ("smtp://mail.example/?starttls=optional", Security::StartTlsIfOffered),
            ("smtp://mail.example?starttls=never", Security::Clear),
            ("smtp://localhost:1025", Security::StartTlsIfOffered),
            ("smtp://127.0.0.1:1025", Security::StartTlsIfOffered),
            ("smtp://[::1]:1025", Security::StartTlsIfOffered),
            ("smtp://localhost?starttls=required", Security::StartTls),
            ("smtps://mail.example", Security::Tls),
        ] {
            assert_eq!(parse(text).unwrap().security, security, "{text}");
        }
    }

    #[test]
    fn password_is_sent_without_tls_only_on_loopback_or_by_opt_in() {
        for (text, may) in [
            ("smtp://a:b@mail.example?starttls=optional", false),
            ("smtp://a:b@mail.example?starttls=never", true),
            ("smtp://a:b@[::1]", true),
            ("smtp://a:b@127.0.0.1", true),
        ] {
            assert_eq!(parse(text).unwrap().may_sign_in_clear(), may, "{text}");
        }
    }

    #[test]
    fn default_ports_are_those_of_submission() {
        assert_eq!(parse("smtp://[2001:db8::1]").unwrap().to_string(), "smtp://[2001:db8::1]:587");
        assert_eq!(parse("smtps://mail.example").unwrap().to_string(), "smtps://mail.example:465");
        assert_eq!(parse("smtps://mail.example:2465").unwrap().port, 2465);
    }

    #[test]
    fn invalid_smtp_url_is_rejected_without_repeating_it() {
        for (text, error) in [
            ("", InvalidSmtpUrl::Unreadable),
            ("mail.example", InvalidSmtpUrl::Unreadable),
            ("smtp:", InvalidSmtpUrl::Unreadable),
            ("smtp://", InvalidSmtpUrl::Unreadable),
            ("http://mail.example", InvalidSmtpUrl::Unreadable),
            ("smtp://a:hunter2@mail.example:x", InvalidSmtpUrl::Unreadable),
            ("smtp://ann@mail.example", InvalidSmtpUrl::HalfALogin),
            ("smtp://:hunter2@mail.example", InvalidSmtpUrl::HalfALogin),
            ("smtp://mail.example?starttls=maybe", InvalidSmtpUrl::UnknownParameter),
            ("smtp://mail.example?tls=required", InvalidSmtpUrl::UnknownParameter),
            ("smtp://mail.example/path", InvalidSmtpUrl::UnknownParameter),
            ("smtps://mail.example?starttls=never", InvalidSmtpUrl::StartTlsWithinTls),
        ] {
            let refused = parse(text).unwrap_err();
            assert_eq!(refused, error, "{text}");
            assert!(!refused.to_string().contains("hunter2"));
        }
    }
}
