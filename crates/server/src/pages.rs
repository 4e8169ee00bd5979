//! The hosted pages. They are a client of the API in the same process and have no other permissions than the API.
//!
//! Each page is a module with a handler that shows it (`show`) and one for its form (`submit`). All pages work without
//! scripts. An accepted form redirects to a page (303), so reloading that page doesn't submit the form again.

mod account;
mod assets;
mod cookies;
mod failure;
mod form;
mod frame;
mod next;
mod notices;
mod public;
mod same_origin;
mod texts;
mod theme;
mod visit;

pub(crate) use cookies::CookieOptions;
pub(crate) use failure::FailureViewer;
pub use theme::{AccentColor, InvalidColor, LogoError, ThemeOptions};

use actix_web::{
    HttpRequest, Route, guard,
    http::{Method, header::HeaderValue},
    middleware::from_fn,
    web,
};
use doorward_adapters::secret::Secrets;
use doorward_domain::{
    SessionId,
    account::profile::Locale,
    ports::Limit,
    token::{PlainToken, TokenPurpose},
};

use crate::{
    config::Config,
    http::{access::Policy, state::State},
    observability::metrics::Pattern,
    routes::not_allowed,
};
use failure::PageError;
use notices::Notices;
use theme::Theme;

/// The state shared by all pages.
#[derive(Debug)]
pub(crate) struct Pages {
    theme: Theme,
    cookies: CookieOptions,
    notices: Notices,
    default_locale: Locale,
    /// Whether users can sign in only after they have verified their email address.
    requires_verified_email: bool,
    public_url: String,
    /// The path of the public URL, which is the prefix of the paths of pages.
    base: String,
}

impl Pages {
    /// Checks the files that [`Pages::new`] reads.
    ///
    /// # Errors
    /// Returns an error if the logo can't be used.
    pub(crate) fn check(theme: &ThemeOptions) -> Result<(), LogoError> {
        Theme::new(theme).map(drop)
    }

    /// Creates the state of the pages.
    ///
    /// # Errors
    /// Returns an error if the logo can't be used.
    pub(crate) fn new(
        theme: &ThemeOptions,
        config: &Config,
        secrets: &Secrets,
    ) -> Result<Self, LogoError> {
        let public_url = &config.settings.public_url;
        Ok(Self {
            theme: Theme::new(theme)?,
            cookies: CookieOptions {
                secure: public_url.as_str().starts_with("https:"),
                idle: config.settings.sessions.idle,
                base: public_url.path().to_owned(),
            },
            notices: Notices::new(secrets),
            default_locale: config.default_locale.clone(),
            requires_verified_email: config.settings.require_verified_email,
            public_url: public_url.as_str().to_owned(),
            base: public_url.path().to_owned(),
        })
    }
}

impl Pages {
    /// Returns the data that browsers delete at a sign-out (Clear-Site-Data, W3C): the data that scripts have stored
    /// for this origin. Returns `None` below a path, because other applications of the host would lose their data.
    ///
    /// `"cookies"` would also delete the cookies of all hosts of the domain and the token that identifies the device.
    /// `"cache"` makes Chromium search its whole cache before it continues, although pages are never cached
    /// (`no-store`).
    fn data_to_clear(&self) -> Option<HeaderValue> {
        self.base.is_empty().then_some(HeaderValue::from_static("\"storage\""))
    }
}

/// Returns the session of a request's cookie, if this server issued its token. Doesn't check whether the session has
/// ended.
pub(crate) fn session(state: &State, request: &HttpRequest) -> Option<SessionId> {
    let token = state.pages.as_ref()?.cookies.read(request).session?;
    let token = state.ports.opaque_tokens.verify(TokenPurpose::Browser, token.expose())?;
    Some(SessionId::from_uuid(token.id))
}

/// Returns the device token of a request's cookie.
pub(crate) fn device(state: &State, request: &HttpRequest) -> Option<PlainToken> {
    state.pages.as_ref()?.cookies.read(request).device
}

macro_rules! pages {
    ($config:ident; $($path:literal $limit:ident: $($shown:path)? $(, $submitted:path)?;)+) => {
        $(page(
            $config,
            $path,
            Limit::$limit,
            None::<Route>$(.or(Some(web::to($shown))))?,
            None::<Route>$(.or(Some(web::to($submitted))))?,
        );)+
    };
}

const ASSETS: &str = "/assets/{name}";
/// The path of the icon that browsers load by default.
const ICON: &str = "/favicon.ico";

/// Registers every page: its path, the rate limit of its form, and the handlers that show it and process its form.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    pages! { config;
        "/" Other: account::begin;
        "/sign-in" Login: public::sign_in::show, public::sign_in::submit;
        "/sign-up" Register: public::sign_up::show, public::sign_up::submit;
        "/sign-out" Other: public::sign_out::show, public::sign_out::submit;
        "/forgot-password" Mail: public::forgot_password::show, public::forgot_password::submit;
        "/password-check" PasswordCheck: , public::password_check::submit;
        "/reset-password" Other: public::reset_password::show, public::reset_password::submit;
        "/verify-email" Other: public::verify_email::show, public::verify_email::submit;
        "/verify-email/not-me" Other: public::disown::show, public::disown::submit;
        "/verify-email/resend" Mail: public::verify_email::show_resend, public::verify_email::resend;
        "/verify-email/change" Mail: public::change_email::show, public::change_email::submit;
        "/invite" Other: public::invite::show, public::invite::submit;
        "/account" Other: account::profile::show, account::profile::submit;
        "/account/password" Other: account::password::show, account::password::submit;
        "/.well-known/change-password" Other: account::password::lead;
        "/account/sessions" Other: account::sessions::show;
        "/account/sessions/others" Other: account::sessions::confirm_others, account::sessions::end_others;
        "/account/sessions/{session_id}" Other: account::sessions::back, account::sessions::end;
        "/account/organizations" Other: account::organizations::show, account::organizations::create;
        "/account/organizations/{org_id}" Other: account::organization::show, account::organization::rename;
        "/account/organizations/{org_id}/switch" Other: account::organization::back, account::organization::switch;
        "/account/organizations/{org_id}/leave" Other:
            account::organization::confirm_leaving, account::organization::leave;
        "/account/organizations/{org_id}/delete" Other: account::deletion::confirm, account::deletion::submit;
        "/account/organizations/{org_id}/members/{user_id}/role" Other:
            account::organization::back, account::members::change_role;
        "/account/organizations/{org_id}/members/{user_id}/remove" Other:
            account::members::confirm_removal, account::members::remove;
        "/account/organizations/{org_id}/invites" Mail: account::organization::back, account::invites::create;
        "/account/organizations/{org_id}/invites/{invite_id}/resend" Mail:
            account::organization::back, account::invites::resend;
        "/account/organizations/{org_id}/invites/{invite_id}/revoke" Other:
            account::invites::confirm_withdrawal, account::invites::revoke;
    }
    let look = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    for (path, route) in [(ASSETS, look().to(assets::show)), (ICON, look().to(assets::icon))] {
        let resource = web::resource(path).app_data(Pattern(path)).route(route);
        config.service(resource.default_service(not_allowed("GET, HEAD".to_owned())));
    }
}

fn page(
    config: &mut web::ServiceConfig,
    path: &'static str,
    limit: Limit,
    shown: Option<Route>,
    submitted: Option<Route>,
) {
    let policy = Policy::new([(Method::POST, limit)]);
    let mut resource = web::resource(path).app_data(web::Data::new(policy)).app_data(Pattern(path));
    let mut methods = Vec::new();
    if let Some(route) = shown {
        resource = resource.route(route.guard(guard::Any(guard::Get()).or(guard::Head())));
        methods.push("GET, HEAD");
    }
    if let Some(route) = submitted {
        resource = resource.route(route.guard(guard::Post()));
        methods.push("POST");
    }
    let rest = not_allowed(methods.join(", "));
    config.service(resource.default_service(rest).wrap(from_fn(failure::around)));
}
