//! The middleware around every request: request ID, span, error responses, and headers.

use std::{fmt, panic::AssertUnwindSafe, time::Instant};

use actix_web::{
    Error, HttpMessage, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use futures::FutureExt;
use time::OffsetDateTime;
use tracing::{Instrument, field};

use crate::{
    http::{connections::Watch, cors::CorsHeaders, error::ApiError, state::State},
    observability::telemetry::RequestSpan,
    pages::FailureViewer,
};

/// The ID of a request: the client's own if it is well-formed.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String, Chosen);

/// Who chose the ID of a request.
#[derive(Debug, Clone, Copy)]
enum Chosen {
    ByServer,
    ByClient,
}

impl RequestId {
    /// Returns the ID for storage. An ID that the client chose is marked with a prefix, since it may equal that of any other
    /// request. IDs that the server generates never have this prefix.
    pub(crate) fn marked(&self) -> String {
        match self.1 {
            Chosen::ByServer => self.0.clone(),
            Chosen::ByClient => format!("client:{}", self.0),
        }
    }
}

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID_MAX: usize = 128;

/// API responses are not pages, and nothing in them may run. Pages set their own policy.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");

/// Wraps the whole application.
pub(crate) async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let Some(state) = state else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    let _in_flight = request.conn_data::<Watch>().map(Watch::request);
    let id = request_id(request.headers(), &state);
    request.extensions_mut().insert(id.clone());
    let traced = RequestSpan::new(&request, &id, &state);
    let span = tracing::info_span!(
        parent: traced.span(),
        "request",
        request_id = %id.0,
        trace_id = traced.trace_id(),
        method = %request.method(),
        path = request.path(),
        user_id = field::Empty,
    );
    let method = request.method().clone();
    let started = Instant::now();
    let dressing = Dressing::of(&request, id, &state);
    let answer = async {
        let preflight = state.cors.enabled();
        let preflight = preflight.and_then(|cors| cors.preflight(&method, request.headers()));
        let response = match preflight {
            Some(Ok(response)) => request.into_response(response),
            Some(Err(error)) => request.error_response(error),
            None => match AssertUnwindSafe(next.call(request)).catch_unwind().await {
                Ok(Ok(response)) => response.map_into_boxed_body(),
                Ok(Err(error)) => return Err(Lost::new(error.to_string(), &dressing, &state)),
                Err(_panic) => return Err(Lost::new("a handler panicked", &dressing, &state)),
            },
        };
        let response = render(response, &dressing, &state);
        tracing::debug!(
            status = response.status().as_u16(),
            duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            "served"
        );
        Ok(response)
    };
    let outcome = traced.around(answer.instrument(span)).await;
    let (route, status) = match &outcome {
        Ok(response) => (response.request().app_data().copied(), response.status()),
        // The request no longer exists, and neither does its route.
        Err(lost) => (None, lost.status_code()),
    };
    traced.responded(&method, route, status.as_u16());
    state.metrics.requests.count(&method, route, status.as_u16(), started.elapsed());
    let mut response = outcome?;
    dressing.add_to(response.headers_mut());
    Ok(response)
}

/// What is added to every response. It is kept outside of the request, which a panicking handler drops.
#[derive(Debug, Clone)]
struct Dressing {
    id: RequestId,
    hsts: Option<HeaderValue>,
    cors: Option<CorsHeaders>,
    /// The user who would see a page instead of JSON.
    viewer: Option<FailureViewer>,
}

impl Dressing {
    fn of(request: &ServiceRequest, id: RequestId, state: &State) -> Self {
        Self {
            hsts: state.hsts.clone(),
            cors: state.cors.enabled().map(|cors| cors.headers(request.headers())),
            viewer: FailureViewer::of(request.request(), &id, state),
            id,
        }
    }

    /// Returns the error response: a page for the viewer, if there is one, or JSON.
    fn failure(&self, error: &ApiError, now: OffsetDateTime) -> HttpResponse {
        let page = self.viewer.as_ref().and_then(|viewer| viewer.failure(error));
        page.unwrap_or_else(|| error.response(now))
    }

    fn add_to(&self, headers: &mut HeaderMap) {
        let mut add = |name, value| headers.insert(name, HeaderValue::from_static(value));
        add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        // No page of another origin can embed a response. This does not affect requests that CORS allows.
        add(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
        add(CROSS_ORIGIN_OPENER_POLICY, "same-origin");
        let mut default = |name, value| {
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        };
        default(header::CACHE_CONTROL, "no-store");
        default(header::REFERRER_POLICY, "no-referrer");
        default(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
        if let Some(policy) = &self.hsts {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, policy.clone());
        }
        if let Some(cors) = &self.cors {
            cors.add_to(headers);
        }
        if let Ok(value) = HeaderValue::from_str(&self.id.0) {
            headers.insert(X_REQUEST_ID, value);
        }
    }
}

/// There is no response: a handler panicked and dropped its request, or a middleware failed. The
/// connection and its worker continue.
#[derive(Debug)]
struct Lost {
    error: ApiError,
    dressing: Dressing,
    now: OffsetDateTime,
}

impl Lost {
    fn new(problem: impl Into<String>, dressing: &Dressing, state: &State) -> Self {
        let (error, now) = (ApiError::internal(problem.into()), state.ports.clock.now());
        error.log(now);
        Self { error, dressing: dressing.clone(), now }
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Lost {
    fn status_code(&self) -> StatusCode {
        self.error.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self.dressing.failure(&self.error, self.now);
        self.dressing.add_to(response.headers_mut());
        response
    }
}

fn request_id(headers: &HeaderMap, state: &State) -> RequestId {
    let sane = |id: &&str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        !id.is_empty() && id.len() <= REQUEST_ID_MAX && id.bytes().all(allowed)
    };
    let sent = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok()).filter(sane);
    match sent {
        Some(sent) => RequestId(sent.to_owned(), Chosen::ByClient),
        None => RequestId(state.ports.ids.next().to_string(), Chosen::ByServer),
    }
}

/// Converts an error to its response and logs it. Errors of requests are only logged here.
fn render(response: ServiceResponse, dressing: &Dressing, state: &State) -> ServiceResponse {
    let rendered = response.response().error().and_then(|error| {
        let error = error.as_error::<ApiError>()?;
        let now = state.ports.clock.now();
        error.log(now);
        Some(dressing.failure(error, now))
    });
    match rendered {
        Some(rendered) => response.into_response(rendered),
        None => response,
    }
}
