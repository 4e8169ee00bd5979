//! The cookies of a browser's session. They contain tokens of the API and nothing else.

use actix_web::{
    HttpMessage, HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
    http::header::{self, HeaderMap},
};
use doorward_domain::token::{AccessToken, PlainToken};

use super::notices;

const ACCESS: &str = "doorward-access";
const SESSION: &str = "doorward-session";
const DEVICE: &str = "doorward-device";
const NOTICES: &str = "doorward-notice";

/// The lifetime of the device cookie. The token in it has no lifetime of its own.
const DEVICE_LIFETIME: Duration = Duration::days(400);

/// The properties of cookies.
#[derive(Debug)]
pub(crate) struct CookieOptions {
    /// Whether browsers use TLS.
    pub(crate) secure: bool,
    /// The prefix of the paths of pages.
    pub(crate) base: String,
    /// The time after which an unused session expires.
    pub(crate) idle: Duration,
}

/// The tokens that a browser sent.
#[derive(Debug, Default)]
pub(super) struct RequestCookies {
    pub(super) access: Option<PlainToken>,
    pub(super) session: Option<PlainToken>,
    pub(super) device: Option<PlainToken>,
    /// See [`notices`].
    pub(super) notices: Option<PlainToken>,
}

/// Cookies to set, stored in the request's extensions until the response is created.
#[derive(Default)]
pub(super) struct PendingCookies(pub(super) Vec<Cookie<'static>>);

impl CookieOptions {
    /// Reads the cookies that a browser sent. Ignores the cookies of other applications, whatever they contain.
    pub(super) fn read(&self, request: &HttpRequest) -> RequestCookies {
        let read = |name| value(request.headers(), &self.name(name));
        RequestCookies {
            access: read(ACCESS),
            session: read(SESSION),
            device: read(DEVICE),
            notices: read(NOTICES),
        }
    }

    /// Sets the cookies of a new session.
    pub(super) fn open(
        &self,
        request: &HttpRequest,
        access: &AccessToken,
        session: &PlainToken,
        device: &PlainToken,
    ) {
        self.extend(request, access, session);
        self.device(request, device);
    }

    /// Sets the cookie that identifies the device.
    pub(super) fn device(&self, request: &HttpRequest, device: &PlainToken) {
        self.set(request, DEVICE, device, DEVICE_LIFETIME);
    }

    /// Extends the cookies of the session, with the next access token.
    pub(super) fn extend(&self, request: &HttpRequest, access: &AccessToken, session: &PlainToken) {
        self.access(request, access);
        self.set(request, SESSION, session, self.idle);
    }

    /// Replaces the access token of the session.
    pub(super) fn access(&self, request: &HttpRequest, access: &AccessToken) {
        self.set(request, ACCESS, &access.token, access.expires_in);
    }

    /// Removes the cookies of the session. The device cookie stays.
    pub(super) fn forget(&self, request: &HttpRequest) {
        for name in [ACCESS, SESSION] {
            let mut cookie = self.cookie(name, String::new());
            cookie.make_removal();
            change(request, cookie);
        }
    }

    /// Sets the cookie with the pending notices, or removes it if there are none.
    pub(super) fn keep_notices(&self, request: &HttpRequest, value: String) {
        let is_over = value.is_empty();
        let mut cookie = self.cookie(NOTICES, value);
        if is_over {
            cookie.make_removal();
        } else {
            cookie.set_max_age(Duration::seconds(notices::LIFETIME));
        }
        change(request, cookie);
    }

    fn set(&self, request: &HttpRequest, name: &str, token: &PlainToken, lifetime: Duration) {
        let mut cookie = self.cookie(name, token.expose().to_owned());
        cookie.set_max_age(lifetime);
        change(request, cookie);
    }

    fn cookie(&self, name: &str, value: String) -> Cookie<'static> {
        // A cookie with the prefix `__Host-` must be valid for all paths (RFC 6265bis, section 4.1.3.2).
        let is_for_all_paths = self.secure || self.base.is_empty();
        Cookie::build(self.name(name), value)
            .path(if is_for_all_paths { "/".to_owned() } else { self.base.clone() })
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .finish()
    }

    /// Returns the name of a cookie. With TLS, it has a prefix that other hosts and connections without TLS can't set (RFC
    /// 6265bis, section 4.1.3). Below a path, the name contains the path, because another Doorward may be on the same host.
    fn name(&self, name: &str) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}{name}{}", suffix(&self.base))
    }
}

/// Encodes a path in characters that are allowed in cookie names (RFC 9110, section 5.6.2, "token"). Different paths have
/// different encodings.
fn suffix(base: &str) -> String {
    let mut suffix = String::with_capacity(base.len());
    for byte in base.bytes() {
        match byte {
            b'/' => suffix.push('.'),
            b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => suffix.push(byte.into()),
            other => suffix.push_str(&format!("~{other:02x}")),
        }
    }
    suffix
}

/// Returns the value of the only cookie with this name. Names are compared byte by byte, as browsers do: a library that
/// decodes or trims more than browsers do would accept cookies of other hosts. Returns `None` if there are two cookies
/// with this name, because either may be from another host. They aren't removed, because one may be this server's.
fn value(headers: &HeaderMap, name: &str) -> Option<PlainToken> {
    let lines = headers.get_all(header::COOKIE);
    let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let mut values = pairs.filter_map(|pair| {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        let (found, value) = pair.split_at_checked(equals)?;
        (trimmed(found) == name.as_bytes()).then_some(trimmed(value.get(1..)?))
    });
    let (value, None) = (values.next()?, values.next()) else { return None };
    std::str::from_utf8(value).ok().map(|value| PlainToken::new(value.to_owned()))
}

/// Removes the white space that browsers remove.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    bytes.get(start..end).unwrap_or_default()
}

fn change(request: &HttpRequest, cookie: Cookie<'static>) {
    let mut extensions = request.extensions_mut();
    if !extensions.contains::<PendingCookies>() {
        extensions.insert(PendingCookies::default());
    }
    if let Some(changes) = extensions.get_mut::<PendingCookies>() {
        changes.0.retain(|earlier| earlier.name() != cookie.name());
        changes.0.push(cookie);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const NAME: &str = "__Host-doorward-session";

    fn read(lines: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        value(&headers, NAME).map(|token| token.expose().to_owned())
    }

    fn options(secure: bool, base: &str) -> CookieOptions {
        CookieOptions { secure, base: base.to_owned(), idle: Duration::DAY }
    }

    #[test]
    fn cookie_name_is_compared_byte_by_byte() {
        assert_eq!(read(&[b"__Host-doorward-session=a"]).as_deref(), Some("a"));
        assert_eq!(read(&[b"x=1;\t __Host-doorward-session = a ;y"]).as_deref(), Some("a"));
        let planted = [
            "%5F%5FHost-doorward-session=a",
            "__%48ost-doorward-session=a",
            "__Host-doorward-sessio%6e=a",
            "__host-doorward-session=a",
            "\u{a0}__Host-doorward-session=a",
            "\u{2000}__Host-doorward-session=a",
            "\u{3000}__Host-doorward-session=a",
            "\"__Host-doorward-session\"=a",
            "x=\"; __Host-doorward-session\"=a",
            "x__Host-doorward-session=a",
            "__Host-doorward-session",
            "",
        ];
        for cookie in planted {
            assert_eq!(read(&[cookie.as_bytes()]), None, "{cookie}");
            let beside = format!("{cookie}; __Host-doorward-session=b");
            assert_eq!(read(&[beside.as_bytes()]).as_deref(), Some("b"), "{cookie}");
        }
    }

    #[test]
    fn two_cookies_with_one_name_are_ignored() {
        assert_eq!(read(&[b"__Host-doorward-session=a; __Host-doorward-session=b"]), None);
        assert_eq!(read(&[b"__Host-doorward-session=a", b"__Host-doorward-session=a"]), None);
    }

    #[test]
    fn cookies_of_other_applications_are_ignored() {
        let hundreds = "tracker=x; ".repeat(900) + "__Host-doorward-session=a";
        for line in [
            &b"theme=\xff\xfe; __Host-doorward-session=a; name=J\xc3\xb6rg"[..],
            b"x=\"a; b\"; =; ;;=y; z; __Host-doorward-session=a; j={\"a\":1}",
            hundreds.as_bytes(),
        ] {
            assert_eq!(read(&[line]).as_deref(), Some("a"), "{line:?}");
        }
        assert_eq!(read(&[b"a=1", b"__Host-doorward-session=a"]).as_deref(), Some("a"));
    }

    #[test]
    fn cookie_names_differ_between_servers_on_one_host() {
        let name = |secure, base| options(secure, base).name("doorward-session");
        assert_eq!(name(true, ""), NAME);
        assert_eq!(name(true, "/auth"), "__Host-doorward-session.auth");
        assert_eq!(name(false, "/auth/v2"), "doorward-session.auth.v2");
        assert_eq!(name(false, ""), "doorward-session");
        assert_eq!(name(false, "/a.b;c"), "doorward-session.a~2eb~3bc");
    }

    #[test]
    fn cookie_path_is_the_root_with_tls_and_the_base_path_without() {
        let path = |secure, base| {
            let cookie = options(secure, base).cookie("doorward-session", String::new());
            cookie.path().map(str::to_owned)
        };
        assert_eq!(path(true, "/auth").as_deref(), Some("/"));
        assert_eq!(path(false, "/auth").as_deref(), Some("/auth"));
        assert_eq!(path(false, "").as_deref(), Some("/"));
    }
}
