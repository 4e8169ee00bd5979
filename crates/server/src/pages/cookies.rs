//! The cookies of a browser's session. They hold tokens of the API, and nothing else.

use actix_web::{
    HttpMessage, HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};
use doorward_application::register::SignedIn;
use doorward_domain::token::{AccessToken, PlainToken};

const ACCESS: &str = "doorward-access";
const SESSION: &str = "doorward-session";
const DEVICE: &str = "doorward-device";

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
}

/// What is to be set, in the request's extensions until there is an answer.
#[derive(Default)]
pub(super) struct Changes(pub(super) Vec<Cookie<'static>>);

impl CookieOptions {
    /// Reads what a browser sent.
    pub(super) fn read(&self, request: &HttpRequest) -> Sent {
        let read = |name| {
            let cookie = request.cookie(&self.name(name));
            cookie.map(|cookie| PlainToken::new(cookie.value().to_owned()))
        };
        Sent { access: read(ACCESS), session: read(SESSION), device: read(DEVICE) }
    }

    /// Lets the browser keep a session that has been opened.
    pub(super) fn open(&self, request: &HttpRequest, signed_in: &SignedIn, session: &PlainToken) {
        self.go_on(request, &signed_in.tokens.access, session);
        self.set(request, DEVICE, &signed_in.device_token, DEVICE_LIFETIME);
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

    fn set(&self, request: &HttpRequest, name: &str, token: &PlainToken, lifetime: Duration) {
        let mut cookie = self.cookie(name, token.expose().to_owned());
        cookie.set_max_age(lifetime);
        change(request, cookie);
    }

    fn cookie(&self, name: &str, value: String) -> Cookie<'static> {
        Cookie::build(self.name(name), value)
            .path(if self.base.is_empty() { "/".to_owned() } else { self.base.clone() })
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .finish()
    }

    /// With TLS, a name that no other host and no connection without TLS can set; below a path, where the
    /// cookies are not for whatever else the host serves, one that no connection without TLS can set
    /// (RFC 6265bis, section 4.1.3).
    fn name(&self, name: &str) -> String {
        match (self.secure, self.base.is_empty()) {
            (true, true) => format!("__Host-{name}"),
            (true, false) => format!("__Secure-{name}"),
            (false, _) => name.to_owned(),
        }
    }
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
