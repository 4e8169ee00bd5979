//! Where mails lead to.

use url::Url;

use crate::{
    field::FieldError,
    token::{PlainToken, TokenPurpose},
};

/// Where people reach this server, or the front end that stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// Judges a configured URL.
    ///
    /// # Errors
    /// [`FieldError::UrlInvalid`] unless it is an `http` or `https` URL without query and fragment.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let url = Url::parse(text).map_err(|_| FieldError::UrlInvalid)?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.has_host();
        let web = matches!(url.scheme(), "http" | "https");
        if plain && web { Ok(Self(url)) } else { Err(FieldError::UrlInvalid) }
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

    /// The host's name or address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
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
    fn only_web_urls_are_public_urls() {
        for text in
            ["javascript:alert(1)", "ftp://example.com", "https://a.example/?x=1", "example.com"]
        {
            assert_eq!(PublicUrl::parse(text), Err(FieldError::UrlInvalid), "{text}");
        }
    }
}
