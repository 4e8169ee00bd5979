//! The cookies of a browser's session. They hold tokens of the API, and nothing else.

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

/// A device token is good for as long as it is kept.
const DEVICE_LIFETIME: Duration = Duration::days(400);

/// How cookies are kept.
#[derive(Debug)]
pub(crate) struct CookieOptions {
    /// Whether browsers come by TLS.
    pub(crate) secure: bool,
    /// What the addresses of pages begin with.
    pub(crate) base: String,
    /// How long a session lasts that is not used.
    pub(crate) idle: Duration,
}

/// The tokens that a browser sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) access: Option<PlainToken>,
    pub(super) session: Option<PlainToken>,
    pub(super) device: Option<PlainToken>,
    /// See [`notices`].
    pub(super) notices: Option<PlainToken>,
}

/// What is to be set, in the request's extensions until there is an answer.
#[derive(Default)]
pub(super) struct Changes(pub(super) Vec<Cookie<'static>>);

impl CookieOptions {
    /// Reads what a browser sent. The cookies of other applications, whatever is in them, play no part.
    pub(super) fn read(&self, request: &HttpRequest) -> Sent {
        let read = |name| value(request.headers(), &self.name(name));
        Sent {
            access: read(ACCESS),
            session: read(SESSION),
            device: read(DEVICE),
            notices: read(NOTICES),
        }
    }

    /// Lets the browser keep a session that has been opened.
    pub(super) fn open(
        &self,
        request: &HttpRequest,
        access: &AccessToken,
        session: &PlainToken,
        device: &PlainToken,
    ) {
        self.go_on(request, access, session);
        self.device(request, device);
    }

    /// Lets the browser keep what it is known by.
    pub(super) fn device(&self, request: &HttpRequest, device: &PlainToken) {
        self.set(request, DEVICE, device, DEVICE_LIFETIME);
    }

    /// Lets the browser keep its session for as long again, with the next access token.
    pub(super) fn go_on(&self, request: &HttpRequest, access: &AccessToken, session: &PlainToken) {
        self.access(request, access);
        self.set(request, SESSION, session, self.idle);
    }

    /// Lets the browser keep another access token of its session.
    pub(super) fn access(&self, request: &HttpRequest, access: &AccessToken) {
        self.set(request, ACCESS, &access.token, access.expires_in);
    }

    /// Has the browser forget its session. That it has signed in before may be known.
    pub(super) fn forget(&self, request: &HttpRequest) {
        for name in [ACCESS, SESSION] {
            let mut cookie = self.cookie(name, String::new());
            cookie.make_removal();
            change(request, cookie);
        }
    }

    /// Lets the browser keep the notices that are still to be shown, or removes the cookie if there are none.
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
        // A name that no other host can set is for all paths (RFC 6265bis, section 4.1.3.2).
        let is_for_all_paths = self.secure || self.base.is_empty();
        Cookie::build(self.name(name), value)
            .path(if is_for_all_paths { "/".to_owned() } else { self.base.clone() })
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .finish()
    }

    /// With TLS, a name that no other host and no connection without TLS can set (RFC 6265bis, section 4.1.3).
    /// Below a path the path is a part of it: another server of this kind may be on the same host.
    fn name(&self, name: &str) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}{name}{}", suffix(&self.base))
    }
}

/// A path in characters that names of cookies may have (RFC 9110, section 5.6.2, "token"), and no two paths in the
/// same ones.
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

/// The value of the one cookie of this name, byte by byte as browsers understand names: a library that decodes
/// or trims more of them than they do takes cookies of other hosts for this server's own. Two of them
/// are none, since one may be another's; and they stay, since the other one may not be.
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

/// Without the blanks that browsers remove.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    bytes.get(start..end).unwrap_or_default()
}

fn change(request: &HttpRequest, cookie: Cookie<'static>) {
    let mut extensions = request.extensions_mut();
    if !extensions.contains::<Changes>() {
        extensions.insert(Changes::default());
    }
    if let Some(changes) = extensions.get_mut::<Changes>() {
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
    fn a_name_is_compared_byte_by_byte() {
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
    fn two_cookies_of_one_name_are_none() {
        assert_eq!(read(&[b"__Host-doorward-session=a; __Host-doorward-session=b"]), None);
        assert_eq!(read(&[b"__Host-doorward-session=a", b"__Host-doorward-session=a"]), None);
    }

    #[test]
    fn cookies_of_other_applications_are_not_looked_at() {
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
    fn names_tell_servers_on_one_host_apart() {
        let name = |secure, base| options(secure, base).name("doorward-session");
        assert_eq!(name(true, ""), NAME);
        assert_eq!(name(true, "/auth"), "__Host-doorward-session.auth");
        assert_eq!(name(false, "/auth/v2"), "doorward-session.auth.v2");
        assert_eq!(name(false, ""), "doorward-session");
        assert_eq!(name(false, "/a.b;c"), "doorward-session.a~2eb~3bc");
    }

    #[test]
    fn a_cookie_with_tls_is_for_all_paths_and_another_for_the_servers_own() {
        let path = |secure, base| {
            let cookie = options(secure, base).cookie("doorward-session", String::new());
            cookie.path().map(str::to_owned)
        };
        assert_eq!(path(true, "/auth").as_deref(), Some("/"));
        assert_eq!(path(false, "/auth").as_deref(), Some("/auth"));
        assert_eq!(path(false, "").as_deref(), Some("/"));
    }
}
