//! Error pages, and the headers of all pages. Browsers also get error pages for other paths; programs get JSON.

use std::sync::Arc;

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, Accept, Header, HeaderMap, HeaderValue, Quality},
    },
    middleware::Next,
    web,
};
use askama::Template;
use doorward_application::access::denied::Forbidden;

use super::{
    Pages,
    cookies::PendingCookies,
    form::{Wait, missing},
    frame::Frame,
    next,
    notices::{self, Notice},
    texts::{Texts, fill},
    visit::{RetryAfterHint, Typed, Viewer, pages, render, see_other},
};
use crate::http::{error::ApiError, middleware::RequestId, state::State};

/// Allows styles, scripts, images, forms, and requests of scripts only from and to this server.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
     img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);
/// Sends the referrer to this server only. With `no-referrer`, browsers would not send the origin of a form.
const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");

/// Disables features that pages don't use, also for injected content.
const PERMISSIONS_POLICY: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), \
     microphone=(), midi=(), payment=(), serial=(), usb=()",
);

/// The path that only scripts of the pages request. Its errors are JSON.
const FOR_SCRIPTS: &str = "/password-check";

/// Errors that are shown as a page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// The page requires a signed-in user.
    #[error("not signed in")]
    SignInFirst,
    /// The form was sent from another site.
    #[error("the form comes from another site")]
    CrossOrigin,
    #[error(transparent)]
    Failed(#[from] ApiError),
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignInFirst => StatusCode::SEE_OTHER,
            Self::CrossOrigin => StatusCode::FORBIDDEN,
            Self::Failed(error) => error.status_code(),
        }
    }

    /// Returns only the status. [`around`] turns it into a page.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct Failure {
    page: Frame,
    title: &'static str,
    about: String,
    request_id: Option<String>,
    /// Whether another verification email helps.
    verify: bool,
    is_signed_in: bool,
    /// The form that was sent, if sending it again may succeed.
    again: Option<Again>,
}

/// A form that was sent, with its values.
#[derive(Debug, Clone)]
struct Again {
    action: String,
    fields: Vec<(String, String)>,
    wait: Wait,
}

/// Wraps every page: turns errors into pages, and adds the headers and cookies.
pub(super) async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut response = next.call(request).await?.map_into_boxed_body();
    let failed = response.response().error().and_then(|error| error.as_error::<PageError>());
    if let Some(error) = failed
        && let Some(page) = page(error, response.request())
    {
        response = response.into_response(page);
    }
    let headers = response.headers_mut();
    if headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
    {
        add_headers(headers);
    }
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    let changes =
        response.request().extensions_mut().remove::<PendingCookies>().unwrap_or_default();
    let come_back = response.request().extensions_mut().remove::<RetryAfterHint>();
    if let Some(RetryAfterHint(seconds)) = come_back {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    for cookie in changes.0 {
        response.response_mut().add_cookie(&cookie)?;
    }
    Ok(response)
}

fn page(error: &PageError, request: &HttpRequest) -> Option<HttpResponse> {
    let state = request.app_data::<web::Data<State>>()?;
    let pages = pages(state).ok()?;
    let mut viewer = FailureViewer::new(pages, request);
    match error {
        PageError::SignInFirst => see_other(&viewer.pages, &next::sign_in_and_return(request)).ok(),
        PageError::CrossOrigin => {
            tracing::info!(event = "csrf_rejected", "{error}");
            if request.path() == FOR_SCRIPTS {
                let forbidden = ApiError::Forbidden(Forbidden { required: "cors:origin" });
                return Some(forbidden.response(state.ports.clock.now()));
            }
            let texts = viewer.reader.texts;
            let (title, about) = (texts.error_foreign_title, texts.error_foreign.to_owned());
            viewer.show(error.status_code(), title, about, None, false)
        }
        PageError::Failed(error) => {
            let now = state.ports.clock.now();
            error.log(now);
            if request.path() == FOR_SCRIPTS {
                return Some(error.response(now));
            }
            if is_unverified(error) {
                let user = viewer.reader.caller.as_ref().map(|caller| caller.user.id);
                viewer.notice = notices::take(&viewer.pages, request, user, now);
            }
            viewer.again = again(error, request, viewer.reader.texts);
            viewer.failure(error)
        }
    }
}

/// The user who opened an address in a browser, as far as a page about a failure needs to know.
#[derive(Debug, Clone)]
pub(crate) struct FailureViewer {
    pages: Arc<Pages>,
    reader: Viewer,
    path: String,
    /// The notice about the previous form.
    notice: Option<Notice>,
    /// The form that was sent, if it was refused only temporarily.
    again: Option<Again>,
    request_id: String,
}

impl FailureViewer {
    /// Returns `None` for programs, which are recognized by the `Accept` header or by a path that only programs use.
    pub(crate) fn of(request: &HttpRequest, id: &RequestId, state: &State) -> Option<Self> {
        let pages = state.pages.clone()?;
        let is_page = !is_for_programs(request.path()) && prefers_html(request);
        is_page.then(|| Self { request_id: id.0.clone(), ..Self::new(pages, request) })
    }

    fn new(pages: Arc<Pages>, request: &HttpRequest) -> Self {
        let reader = request.extensions().get::<Viewer>().cloned();
        let reader = reader.unwrap_or_else(|| Viewer {
            texts: Texts::of(None, request, &pages.default_locale),
            caller: None,
        });
        let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
        Self {
            pages,
            reader,
            path: request.path().to_owned(),
            notice: None,
            again: None,
            request_id: id.unwrap_or_default(),
        }
    }

    /// Returns the page about an error.
    pub(crate) fn failure(&self, error: &ApiError) -> Option<HttpResponse> {
        let texts = self.reader.texts;
        let (title, mut about) = said(error, texts);
        let is_ours = matches!(error, ApiError::Internal(_));
        let request_id = is_ours.then(|| fill(texts.code_of_request, &[("id", &self.request_id)]));
        let verify = is_unverified(error);
        if verify && let Some(caller) = &self.reader.caller {
            about = fill(texts.confirm_first_at, &[("email", caller.user.email.as_str())]);
        }
        let mut response = self.show(error.status_code(), title, about, request_id, verify)?;
        error.add_header(&mut response);
        Some(response)
    }

    fn show(
        &self,
        status: StatusCode,
        title: &'static str,
        about: String,
        request_id: Option<String>,
        verify: bool,
    ) -> Option<HttpResponse> {
        let page = Frame::new(self.pages.clone(), self.reader.texts, None, &self.path);
        let page = page.with_notice(self.notice);
        let is_signed_in = self.reader.caller.is_some();
        let again = self.again.clone();
        let failure = Failure { page, title, about, request_id, verify, is_signed_in, again };
        let mut response = render(status, &failure).ok()?;
        add_headers(response.headers_mut());
        Some(response)
    }
}

fn is_unverified(error: &ApiError) -> bool {
    matches!(error, ApiError::Forbidden(Forbidden::EMAIL_UNVERIFIED))
}

/// Returns `true` if a path is for programs, whatever they accept.
fn is_for_programs(path: &str) -> bool {
    let trees = ["/v1", "/.well-known", "/assets"];
    let is_below = |tree: &&str| {
        path.strip_prefix(*tree).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    ["/healthz", "/readyz", "/openapi.json", "/dev/mail.json", FOR_SCRIPTS].contains(&path)
        || trees.iter().any(is_below)
}

/// Returns `true` if the client accepts `text/html` explicitly, as browsers do for navigation, and prefers it to JSON.
fn prefers_html(request: &HttpRequest) -> bool {
    let Ok(Accept(accepted)) = Accept::parse(request) else { return false };
    let kinds = accepted.iter().map(|it| (it.item.essence_str(), it.quality));
    let kinds = kinds.filter(|(kind, quality)| {
        ["text/html", "application/json"].contains(kind) && *quality > Quality::ZERO
    });
    // The first of those with the same quality is preferred.
    kinds.rev().max_by_key(|(_, quality)| *quality).is_some_and(|(kind, _)| kind == "text/html")
}

/// Adds the headers of pages.
fn add_headers(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    headers.insert(header::PERMISSIONS_POLICY, PERMISSIONS_POLICY);
}

/// Returns the form that was sent, if it was refused only temporarily. Returns `None` for a form with a password, because
/// passwords are not sent back.
fn again(error: &ApiError, request: &HttpRequest, texts: &Texts) -> Option<Again> {
    let seconds = error.retry_after()?;
    let extensions = request.extensions();
    let fields = extensions.get::<Typed>()?.0.shown()?;
    let wait = Wait { seconds, over: texts.wait_over };
    Some(Again { action: request.path().to_owned(), fields, wait })
}

/// Returns the title and the text for an error.
fn said(error: &ApiError, texts: &Texts) -> (&'static str, String) {
    if let Some(seconds) = error.retry_after() {
        let is_limited = matches!(error, ApiError::RateLimited(_));
        let what = if is_limited { texts.error_rate } else { texts.busy };
        return (texts.service_unavailable, texts.and_wait(what, seconds));
    }
    let (title, about) = match error {
        ApiError::NotFound | ApiError::MethodNotAllowed { .. } => {
            (texts.error_not_found_title, texts.error_not_found)
        }
        ApiError::Forbidden(Forbidden::EMAIL_UNVERIFIED) => {
            (texts.check_your_mail, texts.confirm_first)
        }
        ApiError::Forbidden(forbidden) => (texts.error_forbidden_title, missing(*forbidden, texts)),
        ApiError::RateLimited(_) | ApiError::Unavailable { .. } => {
            (texts.service_unavailable, texts.busy)
        }
        ApiError::BodyTooSlow | ApiError::PayloadTooLarge { .. } => {
            (texts.error_too_large_title, texts.error_too_large)
        }
        ApiError::Validation(_)
        | ApiError::Unauthenticated(_)
        | ApiError::RefreshRefused { .. }
        | ApiError::Internal(_) => (texts.error_internal_title, texts.error_internal),
    };
    (title, about.to_owned())
}
