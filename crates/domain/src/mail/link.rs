//! Where mails lead to.

use url::Url;

use crate::{
    loopback::is_loopback,
    token::{PlainToken, TokenPurpose},
};

/// Where people reach this server, or the front end that stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

/// A text is no URL that people can reach a server by. The text itself is not shown: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// The scheme is missing or another one.
    #[error("it must begin with https:// or http://, as in https://auth.example.com")]
    Scheme,
    /// There is a user name or a password in it.
    #[error("it must have no user name and no password: everybody is shown this URL")]
    UserInfo,
    /// There is a query or a fragment.
    #[error("it must have no query (?) and no fragment (#)")]
    QueryOrFragment,
    /// There is white space, a quotation mark, or a backslash in it.
    #[error("it must have no white space, quotation marks, or backslashes")]
    Character,
    /// The host or the port can't be read.
    #[error("its host or its port is invalid: write it as in https://auth.example.com:8443")]
    Host,
}

impl PublicUrl {
    /// Judges a configured URL.
    ///
    /// # Errors
    /// [`PublicUrlError`] unless it is an `http` or `https` URL of a host, without user information, query and
    /// fragment. URL parsers repair more (WHATWG URL, section 4.4) than an operator can have meant.
    pub fn parse(text: &str) -> Result<Self, PublicUrlError> {
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'`\\<>".contains(c)) {
            return Err(PublicUrlError::Character);
        }
        let (scheme, rest) = text.split_once("://").ok_or(PublicUrlError::Scheme)?;
        if !["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)) {
            return Err(PublicUrlError::Scheme);
        }
        if rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@')) {
            return Err(PublicUrlError::UserInfo);
        }
        if rest.contains(['?', '#']) {
            return Err(PublicUrlError::QueryOrFragment);
        }
        // A parser would take the next part of the path for the host.
        if rest.starts_with('/') {
            return Err(PublicUrlError::Host);
        }
        let url = Url::parse(text).map_err(|_| PublicUrlError::Host)?;
        if url.has_host() { Ok(Self(url)) } else { Err(PublicUrlError::Host) }
    }

    /// The URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The path, without a slash at its end: nothing where the server has a host to itself.
    pub fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    /// The page on which people ask for a new password.
    pub fn forgot_password_page(&self) -> String {
        format!("{}/forgot-password", self.as_str())
    }

    /// Returns the origin as browsers send it (RFC 6454, section 6.2), such as `https://auth.example.com`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The host's name or address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Returns `true` if the URL leads every user to their own machine: then the server is there for its developer
    /// alone.
    pub fn is_loopback(&self) -> bool {
        self.0.host().is_some_and(|host| is_loopback(&host))
    }
}

/// A link that holds a token.
#[derive(Debug, Clone)]
pub struct SecretLink(PlainToken);

impl SecretLink {
    /// Builds the link for a token under the configured public URL, which no request can change.
    pub fn new(public_url: &PublicUrl, purpose: TokenPurpose, token: &PlainToken) -> Self {
        let path = match purpose {
            TokenPurpose::VerifyEmail => "verify-email",
            TokenPurpose::ResetPassword => "reset-password",
            TokenPurpose::Invite => "invite",
            TokenPurpose::Refresh | TokenPurpose::Device | TokenPurpose::Browser => "",
        };
        let base = public_url.as_str();
        Self(PlainToken::new(format!("{base}/{path}?token={}", token.expose())))
    }

    /// Builds the link that deletes the account whose address a token is to verify. It leads to a page of this server.
    pub fn disown(public_url: &PublicUrl, token: &PlainToken) -> Self {
        let (base, token) = (public_url.as_str(), token.expose());
        Self(PlainToken::new(format!("{base}/verify-email/not-me?token={token}")))
    }

    /// The URL, for the mail.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_public_url() {
        let token = PlainToken::new("dwv_x".into());
        for base in ["https://auth.example.com/app", "https://auth.example.com/app/"] {
            let link = SecretLink::new(
                &PublicUrl::parse(base).unwrap(),
                TokenPurpose::VerifyEmail,
                &token,
            );
            assert_eq!(link.expose(), "https://auth.example.com/app/verify-email?token=dwv_x");
            let page = PublicUrl::parse(base).unwrap().forgot_password_page();
            assert_eq!(page, "https://auth.example.com/app/forgot-password");
        }
    }

    #[test]
    fn a_public_url_may_have_a_path() {
        let path = |text| PublicUrl::parse(text).unwrap().path().to_owned();
        assert_eq!(path("https://auth.example.com"), "");
        assert_eq!(path("https://example.com/auth/"), "/auth");
    }

    #[test]
    fn loopback_url_is_one_whose_host_is_the_own_machine() {
        for (text, expected) in [
            ("http://localhost:8080", true),
            ("https://auth.localhost/base", true),
            ("http://127.0.0.2", true),
            ("http://[::1]:8080", true),
            ("http://0.0.0.0:8080", false),
            ("http://192.168.1.7:8080", false),
            ("https://auth.example.com", false),
            ("https://example.com/localhost", false),
        ] {
            assert_eq!(PublicUrl::parse(text).unwrap().is_loopback(), expected, "{text}");
        }
    }

    #[test]
    fn only_web_urls_are_public_urls() {
        use PublicUrlError::{Character, Host, QueryOrFragment, Scheme, UserInfo};
        for (text, error) in [
            ("javascript:alert(1)", Scheme),
            ("ftp://example.com", Scheme),
            ("example.com", Scheme),
            ("localhost:8080", Scheme),
            ("https:example.com", Scheme),
            ("", Scheme),
            ("https://user:pw@example.com", UserInfo),
            ("https://user@example.com", UserInfo),
            ("https://:pw@example.com/auth", UserInfo),
            ("https://@example.com", UserInfo),
            ("https://user:pw@example.com@example.net/", UserInfo),
            ("https://a.example/?x=1", QueryOrFragment),
            ("https://a.example?", QueryOrFragment),
            ("https://a.example/#/app", QueryOrFragment),
            ("https://a.exa mple", Character),
            ("https://a.example\n", Character),
            ("\"https://a.example\"", Character),
            ("https://a.example\\auth", Character),
            ("https://", Host),
            ("https:///auth", Host),
            ("https://a.example:99999", Host),
            ("https://a.example:port", Host),
        ] {
            assert_eq!(PublicUrl::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn public_url_may_have_upper_case_a_port_and_slashes_at_its_end() {
        for (text, url) in [
            ("HTTPS://Auth.Example.COM/", "https://auth.example.com"),
            ("https://auth.example.com:443", "https://auth.example.com"),
            ("https://example.com/a@b//", "https://example.com/a@b"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
        ] {
            assert_eq!(PublicUrl::parse(text).unwrap().as_str(), url);
        }
    }
}
