//! The pages that people see. They are a client of the API in the same process: what they may do, it may.
//!
//! Each is a module with what is shown (`show`) and what its form does (`submit`), and works without a
//! script. A form that was taken leads to a page (303), so that loading it again sends nothing twice.

mod account;
mod assets;
mod change_email;
mod cookies;
mod dead_link;
mod disown;
mod failure;
mod forgot_password;
mod form;
mod frame;
mod invite;
mod next;
mod notices;
mod password_check;
mod reset_password;
mod same_origin;
mod sign_in;
mod sign_out;
mod sign_up;
mod strength;
mod texts;
mod theme;
mod verify_email;
mod visit;

pub(crate) use cookies::CookieOptions;
pub(crate) use failure::Viewer;
pub use theme::{AccentColor, InvalidColor, LogoError, ThemeOptions};

use actix_web::{
    HttpRequest, Route, guard,
    http::{Method, header::HeaderValue},
    middleware::from_fn,
    web,
};
use doorward_adapters::secret::Secrets;
use doorward_domain::{SessionId, ports::Limit, profile::Locale, token::TokenPurpose};

use crate::{
    config::Config,
    metrics::Pattern,
    routes::{Policy, not_allowed},
    state::State,
};
use failure::PageError;
use notices::Notices;
use theme::Theme;

/// What all pages need.
#[derive(Debug)]
pub(crate) struct Pages {
    theme: Theme,
    cookies: CookieOptions,
    notices: Notices,
    default_locale: Locale,
    /// Whether an account can be signed in to only once its address is verified.
    requires_verified_email: bool,
    public_url: String,
    /// What the addresses of pages begin with: the path of the public URL.
    base: String,
}

impl Pages {
    /// Checks what [`Pages::new`] reads.
    ///
    /// # Errors
    /// The logo can't be used.
    pub(crate) fn check(theme: &ThemeOptions) -> Result<(), LogoError> {
        Theme::new(theme).map(drop)
    }

    /// # Errors
    /// The logo can't be used.
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
    /// Returns what browsers delete at a sign-out (Clear-Site-Data, W3C): what scripts have stored for this origin. Below a path,
    /// that is what other applications of the host have stored.
    ///
    /// `"cookies"` would take those of all hosts of the domain, and the token that names the device. `"cache"` makes Chromium
    /// search all of its cache before it goes on, and finds nothing there: pages are `no-store`.
    fn data_to_clear(&self) -> Option<HeaderValue> {
        self.base.is_empty().then_some(HeaderValue::from_static("\"storage\""))
    }
}

/// Returns the session that a request's cookie continues, if its token is one of this server's. Whether the session has
/// ended is not looked up.
pub(crate) fn session(state: &State, request: &HttpRequest) -> Option<SessionId> {
    let token = state.pages.as_ref()?.cookies.read(request).session?;
    let token = state.ports.opaque_tokens.open(TokenPurpose::Browser, token.expose())?;
    Some(SessionId::from_uuid(token.row))
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
/// Where browsers look for an icon that no page has named.
const ICON: &str = "/favicon.ico";

/// Registers every page: its path, how often its form is taken from one address, what it shows, and what
/// its form does.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    pages! { config;
        "/" Other: account::begin;
        "/sign-in" Login: sign_in::show, sign_in::submit;
        "/sign-up" Register: sign_up::show, sign_up::submit;
        "/sign-out" Other: sign_out::show, sign_out::submit;
        "/forgot-password" Mail: forgot_password::show, forgot_password::submit;
        "/password-check" PasswordCheck: , password_check::submit;
        "/reset-password" Other: reset_password::show, reset_password::submit;
        "/verify-email" Other: verify_email::show, verify_email::submit;
        "/verify-email/not-me" Other: disown::show, disown::submit;
        "/verify-email/resend" Mail: verify_email::show_resend, verify_email::resend;
        "/verify-email/change" Mail: change_email::show, change_email::submit;
        "/invite" Other: invite::show, invite::submit;
        "/account" Other: account::profile::show, account::profile::submit;
        "/account/password" Other: account::password::show, account::password::submit;
        "/.well-known/change-password" Other: account::password::lead;
        "/account/sessions" Other: account::sessions::show;
        "/account/sessions/others" Other: account::sessions::confirm_others, account::sessions::end_others;
        "/account/sessions/{session_id}" Other: account::sessions::back, account::sessions::end;
        "/account/organisations" Other: account::organisations::show, account::organisations::create;
        "/account/organisations/{org_id}" Other: account::organisation::show, account::organisation::rename;
        "/account/organisations/{org_id}/switch" Other: account::organisation::back, account::organisation::switch;
        "/account/organisations/{org_id}/leave" Other:
            account::organisation::confirm_leaving, account::organisation::leave;
        "/account/organisations/{org_id}/delete" Other: account::deletion::confirm, account::deletion::submit;
        "/account/organisations/{org_id}/members/{user_id}/role" Other:
            account::organisation::back, account::members::change_role;
        "/account/organisations/{org_id}/members/{user_id}/remove" Other:
            account::members::confirm_removal, account::members::remove;
        "/account/organisations/{org_id}/invites" Mail: account::organisation::back, account::invites::create;
        "/account/organisations/{org_id}/invites/{invite_id}/resend" Mail:
            account::organisation::back, account::invites::resend;
        "/account/organisations/{org_id}/invites/{invite_id}/revoke" Other:
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
