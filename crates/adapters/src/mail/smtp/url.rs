use std::{fmt, net::IpAddr, str::FromStr};

use percent_encoding::percent_decode_str;
use url::{Host, Url};
use zeroize::Zeroizing;

/// The port of submission (RFC 6409) and of submission over TLS (RFC 8314, section 3.3).
const SUBMISSION: u16 = 587;
const SUBMISSIONS: u16 = 465;

/// Where a mail server is, how to sign in to it, and whether by TLS.
#[derive(Clone)]
pub struct SmtpUrl {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) login: Option<Login>,
}

/// When a conversation is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// From the first octet on.
    Tls,
    /// From STARTTLS on, and nothing is said without it.
    StartTls,
    /// From STARTTLS on where the server has it, which whoever is between can hide.
    StartTlsIfOffered,
    /// Never.
    Clear,
}

/// What a client signs in with.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: Zeroizing<String>,
}

/// A text is not the URL of a mail server that can be used. It holds a password, and is not repeated.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidSmtpUrl {
    /// It is no such URL.
    #[error(
        "a mail server's URL is like smtp://user:password@host:587, or begins with smtps:// (TLS from \
         the beginning); what has a meaning in URLs is percent-encoded in a user and a password"
    )]
    Unreadable,
    /// There is a user without a password, or the other way round.
    #[error("a mail server's URL has a user and a password, or none of them")]
    HalfALogin,
    /// Something follows that says nothing to us.
    #[error(
        "after the host of a mail server's URL there is ?starttls=required, optional or never, or nothing"
    )]
    UnknownParameter,
    /// TLS from the beginning leaves nothing to start.
    #[error("smtps:// is TLS from the beginning, so starttls has no place in it")]
    StartTlsWithinTls,
}

impl FromStr for SmtpUrl {
    type Err = InvalidSmtpUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| InvalidSmtpUrl::Unreadable)?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or(InvalidSmtpUrl::Unreadable)?;
        // Schemes that the parser does not know keep their host as it is.
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
            // Nobody is between a machine and itself.
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
    /// Whether a password may be said without TLS: where nobody listens, or where that is asked for.
    pub(super) fn may_sign_in_clear(&self) -> bool {
        self.security == Security::Clear || is_loopback(&self.host)
    }
}

/// Without the user and the password, for logs and messages.
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
    fn a_password_is_decoded_and_not_shown() {
        let url = parse("smtp://ann%40example.com:hunter%2f2%3A@mail.example").unwrap();
        let login = url.login.clone().unwrap();
        assert_eq!(
            (login.user.as_str(), login.password.as_str()),
            ("ann@example.com", "hunter/2:")
        );
        assert_eq!(format!("{url} {url:?}"), "smtp://mail.example:587 smtp://mail.example:587");
    }

    #[test]
    fn beyond_this_machine_clear_text_has_to_be_asked_for() {
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
    fn a_password_is_said_without_tls_only_where_nobody_listens_or_it_is_asked_for() {
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
    fn ports_are_those_of_submission() {
        assert_eq!(parse("smtp://[2001:db8::1]").unwrap().to_string(), "smtp://[2001:db8::1]:587");
        assert_eq!(parse("smtps://mail.example").unwrap().to_string(), "smtps://mail.example:465");
        assert_eq!(parse("smtps://mail.example:2465").unwrap().port, 2465);
    }

    #[test]
    fn what_can_not_be_used_is_refused_without_being_repeated() {
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
