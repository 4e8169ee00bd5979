//! The public URL of the server, and links in messages.

use url::Url;

use crate::{
    loopback::is_loopback,
    token::{PlainToken, TokenPurpose},
};

/// The URL at which users reach this server, or the front end that represents it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

/// Errors returned by [`PublicUrl::parse`]. They don't show the text, which may contain a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// The scheme is missing, or is neither `http` nor `https`.
    #[error("it must begin with https:// or http://, as in https://auth.example.com")]
    Scheme,
    /// The URL contains a username or a password.
    #[error("it must not contain a username or a password, because all users see this URL")]
    UserInfo,
    /// The URL contains a query or a fragment.
    #[error("it must not contain a query (?) or a fragment (#)")]
    QueryOrFragment,
    /// The URL contains white space, a control character, a quotation mark, an angle bracket, or a backslash.
    #[error("it must not contain white space, quotation marks, or backslashes")]
    Character,
    /// The host or the port is invalid.
    #[error("its host or port is invalid: write it as in https://auth.example.com:8443")]
    Host,
}

impl PublicUrl {
    /// Parses a configured URL: an `http` or `https` URL with a host, and without user information, query,
    /// and fragment.
    ///
    /// The rules are stricter than those of URL parsers (WHATWG URL, section 4.4), which repair text that the
    /// operator can't have meant.
    ///
    /// # Errors
    /// Returns [`PublicUrlError`] if the URL breaks one of these rules.
    ///
    /// ```
    /// use doorward_domain::mail::{PublicUrl, PublicUrlError};
    ///
    /// let url = PublicUrl::parse("https://example.com/auth/")?;
    /// assert_eq!(url.as_str(), "https://example.com/auth");
    /// assert_eq!(url.origin(), "https://example.com");
    /// assert_eq!(PublicUrl::parse("example.com"), Err(PublicUrlError::Scheme));
    /// # Ok::<(), PublicUrlError>(())
    /// ```
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
        // A parser would take the next path segment as the host.
        if rest.starts_with('/') {
            return Err(PublicUrlError::Host);
        }
        let url = Url::parse(text).map_err(|_| PublicUrlError::Host)?;
        if url.has_host() { Ok(Self(url)) } else { Err(PublicUrlError::Host) }
    }

    /// Returns the URL without a trailing slash.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Returns the path without a trailing slash. It is empty if the server has the whole host.
    pub fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    /// Returns the URL of the page on which users request a new password.
    pub fn forgot_password_page(&self) -> String {
        format!("{}/forgot-password", self.as_str())
    }

    /// Returns the origin as browsers send it (RFC 6454, section 6.2), such as `https://auth.example.com`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Returns the host name or IP address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Returns `true` if the host is the machine of each client itself. Only the developer of this server can
    /// then reach it.
    pub fn is_loopback(&self) -> bool {
        self.0.host().is_some_and(|host| is_loopback(&host))
    }
}

/// A link that contains a token.
#[derive(Debug, Clone)]
pub struct ActionLink(PlainToken);

impl ActionLink {
    /// Creates the link for a token. The base is the configured public URL, so no request can change it.
    ///
    /// ```
    /// use doorward_domain::{
    ///     mail::{PublicUrl, ActionLink},
    ///     token::{PlainToken, TokenPurpose},
    /// };
    ///
    /// let url = PublicUrl::parse("https://auth.example.com")?;
    /// let token = PlainToken::new("dwv_x".to_owned());
    /// let link = ActionLink::new(&url, TokenPurpose::VerifyEmail, &token);
    /// assert_eq!(link.expose(), "https://auth.example.com/verify-email?token=dwv_x");
    /// # Ok::<(), doorward_domain::mail::PublicUrlError>(())
    /// ```
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

    /// Creates the link that deletes the account whose email address the token would verify. It opens a page
    /// of this server.
    pub fn disown(public_url: &PublicUrl, token: &PlainToken) -> Self {
        let (base, token) = (public_url.as_str(), token.expose());
        Self(PlainToken::new(format!("{base}/verify-email/not-me?token={token}")))
    }

    /// Returns the URL, for the message.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_start_with_the_public_url() {
        let token = PlainToken::new("dwv_x".into());
        for base in ["https://auth.example.com/app", "https://auth.example.com/app/"] {
            let link = ActionLink::new(
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
    fn public_url_may_have_a_path() {
        let path = |text| PublicUrl::parse(text).unwrap().path().to_owned();
        assert_eq!(path("https://auth.example.com"), "");
        assert_eq!(path("https://example.com/auth/"), "/auth");
    }

    #[test]
    fn url_is_loopback_if_its_host_is_the_local_machine() {
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
    fn public_url_must_be_a_plain_web_url() {
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
    fn public_url_accepts_upper_case_port_and_trailing_slashes() {
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
