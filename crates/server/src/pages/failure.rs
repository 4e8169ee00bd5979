//! What a page shows when there is nothing that it could show, and the headers of all pages.

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    middleware::Next,
    web,
};
use askama::Template;
use doorward_application::authorize::Forbidden;

use super::{
    cookies::Changes,
    form::{Fields, missing},
    frame::Frame,
    next,
    texts::{Texts, fill},
    visit::{ComeBack, Reader, pages, render, see_other},
};
use crate::{error::ApiError, middleware::RequestId, state::State};

/// Styles, scripts and pictures are files of this server, and forms go to it.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);
/// With `no-referrer`, browsers would not say which origin a form comes from. To other sites, nothing is said.
const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");

/// There is no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// The page is there for people who are signed in.
    #[error("nobody is signed in")]
    SignInFirst,
    /// The form was sent from elsewhere.
    #[error("the form comes from another site")]
    Foreign,
    #[error(transparent)]
    Failed(#[from] ApiError),
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignInFirst => StatusCode::SEE_OTHER,
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::Failed(error) => error.status_code(),
        }
    }

    /// Only what is said of it to machines: [`around`] makes a page of it.
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
    /// Whether another mail with a link helps.
    verify: bool,
    is_signed_in: bool,
}

/// Wraps every page: failures become pages, and what is to be kept goes along.
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
        headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    }
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    let changes = response.request().extensions_mut().remove::<Changes>().unwrap_or_default();
    let come_back = response.request().extensions_mut().remove::<ComeBack>();
    if let Some(ComeBack(seconds)) = come_back {
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
    let reader = request.extensions().get::<Reader>().copied().unwrap_or_else(|| Reader {
        texts: Texts::of(None, request, &pages.default_locale),
        is_signed_in: false,
    });
    let texts = reader.texts;
    let (title, about) = match error {
        PageError::SignInFirst => {
            return see_other(&pages, &next::sign_in_and_return(request)).ok();
        }
        PageError::Foreign => {
            tracing::info!(event = "foreign_form", "{error}");
            (texts.error_foreign_title, texts.error_foreign.to_owned())
        }
        PageError::Failed(error) => {
            error.log(state.ports.clock.now());
            said(error, texts)
        }
    };
    let ours = matches!(error, PageError::Failed(ApiError::Internal(_)));
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).filter(|_| ours);
    let request_id = id.map(|id| fill(texts.code_of_request, &[("id", &id)]));
    let verify =
        matches!(error, PageError::Failed(ApiError::Forbidden(Forbidden::EMAIL_UNVERIFIED)));
    let mut frame = Frame::new(pages, texts, None, request.path());
    if verify {
        let asked = Fields::parse(request.query_string().as_bytes());
        frame = frame.with_notice(asked.text("done"));
    }
    let is_signed_in = reader.is_signed_in;
    let failure = Failure { page: frame, title, about, request_id, verify, is_signed_in };
    let mut response = render(error.status_code(), &failure).ok()?;
    if let PageError::Failed(error) = error {
        error.add_header(&mut response);
    }
    Some(response)
}

/// The title and the words for a failure.
fn said(error: &ApiError, texts: &Texts) -> (&'static str, String) {
    if let ApiError::RateLimited(retry) = error {
        let seconds = retry.seconds().to_string();
        return (texts.service_unavailable, fill(texts.error_rate, &[("seconds", &seconds)]));
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
        | ApiError::Unauthenticated { .. }
        | ApiError::RefreshRefused { .. }
        | ApiError::Internal(_) => (texts.error_internal_title, texts.error_internal),
    };
    (title, about.to_owned())
}
