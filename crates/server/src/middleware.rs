//! What happens around every request: its id, its span, the rendering of errors, the headers.

use std::{fmt, panic::AssertUnwindSafe, time::Instant};

use actix_cors::CorsError;
use actix_web::{
    Error, HttpMessage, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use doorward_application::authorize::Forbidden;
use futures::FutureExt;
use time::OffsetDateTime;
use tracing::{Instrument, field};

use crate::{error::ApiError, state::State, telemetry::RequestSpan};

/// The id of a request: the client's own if it is a sane one.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID_MAX: usize = 128;

/// Answers are no pages, and nothing of them is to run. A page brings a policy of its own.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STRICT_TRANSPORT_SECURITY: &str = "max-age=31536000; includeSubDomains";
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");

/// Wraps the whole of the application.
pub(crate) async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let Some(state) = state else { return Ok(next.call(request).await?.map_into_boxed_body()) };
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
    let answer = async {
        let response = AssertUnwindSafe(next.call(request)).catch_unwind().await;
        let Ok(response) = response else { return Err(Panicked::told(&id, &state).into()) };
        let response = render(response?.map_into_boxed_body(), &state);
        tracing::debug!(
            status = response.status().as_u16(),
            micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            "served"
        );
        Ok::<_, Error>(response)
    };
    let outcome = traced.around(answer.instrument(span)).await;
    let (route, status) = match &outcome {
        Ok(response) => (response.request().app_data().copied(), response.status()),
        // The request is gone, and its route with it.
        Err(error) => (None, error.as_response_error().status_code()),
    };
    traced.answered(&method, route, status.as_u16());
    state.metrics.requests.count(&method, route, status.as_u16(), started.elapsed());
    let mut response = outcome?;
    add_headers(response.headers_mut(), &id, state.serves_https);
    Ok(response)
}

/// A handler panicked, and took its request with it. The connection and its worker go on.
#[derive(Debug)]
struct Panicked {
    id: RequestId,
    now: OffsetDateTime,
    serves_https: bool,
}

impl Panicked {
    fn told(id: &RequestId, state: &State) -> Self {
        let now = state.ports.clock.now();
        Self::error().log(now);
        Self { id: id.clone(), now, serves_https: state.serves_https }
    }

    fn error() -> ApiError {
        ApiError::internal("a handler panicked")
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a handler panicked")
    }
}

impl ResponseError for Panicked {
    fn error_response(&self) -> HttpResponse {
        let mut response = Self::error().response(self.now);
        add_headers(response.headers_mut(), &self.id, self.serves_https);
        response
    }
}

fn request_id(headers: &HeaderMap, state: &State) -> RequestId {
    let sane = |id: &&str| {
        let allowed = |octet: u8| octet.is_ascii_alphanumeric() || b"-_.:".contains(&octet);
        !id.is_empty() && id.len() <= REQUEST_ID_MAX && id.bytes().all(allowed)
    };
    let sent = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok()).filter(sane);
    RequestId(sent.map_or_else(|| state.ports.ids.next().to_string(), ToOwned::to_owned))
}

/// Turns an error into its answer, and logs it: here and nowhere else.
fn render(response: ServiceResponse, state: &State) -> ServiceResponse {
    let rendered = response.response().error().and_then(|error| {
        let foreign_origin = ApiError::Forbidden(Forbidden { required: "cors:origin" });
        let error = match (error.as_error::<ApiError>(), error.as_error::<CorsError>()) {
            (Some(error), _) => error,
            (None, Some(_)) => &foreign_origin,
            (None, None) => return None,
        };
        let now = state.ports.clock.now();
        error.log(now);
        Some(error.response(now))
    });
    match rendered {
        Some(rendered) => response.into_response(rendered),
        None => response,
    }
}

fn add_headers(headers: &mut HeaderMap, id: &RequestId, serves_https: bool) {
    let mut add = |name, value| headers.insert(name, HeaderValue::from_static(value));
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // No page of another origin embeds an answer. Those that CORS lets call are not held up by it.
    add(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    add(CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    if serves_https {
        add(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT_SECURITY);
    }
    let mut default = |name, value| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(header::CACHE_CONTROL, "no-store");
    default(header::REFERRER_POLICY, "no-referrer");
    default(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(X_REQUEST_ID, value);
    }
}
