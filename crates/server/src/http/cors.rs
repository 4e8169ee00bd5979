//! Cross-origin requests: which pages of other origins may call this server, and the response headers
//! that allow it (Fetch standard, section 3.3, "CORS protocol").
//!
//! Every response has these headers, whatever its status: a page that can't read a 401 never refreshes
//! its token, and a page that can't read a 429 doesn't know how long to wait.

mod origin;

pub use origin::{InvalidOrigin, OriginPattern};

use actix_web::{
    HttpResponse,
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};
use doorward_application::access::denied::Forbidden;
use doorward_domain::mail::PublicUrl;

use crate::http::{
    error::ApiError,
    fetch_metadata::{Site, is_navigation},
};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
/// Response headers that pages may read in addition to the CORS-safelisted ones.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("allow, device-token, retry-after, www-authenticate, x-request-id");
/// How long a browser caches the response to a preflight request, in seconds. Chromium caps it at 7200.
const MAX_AGE: HeaderValue = HeaderValue::from_static("3600");
/// The maximum size of the list of request headers that a preflight request may ask for, in bytes.
const REQUEST_HEADERS_MAX: usize = 4096;

const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");

/// The origins of browser front ends that may call the server.
#[derive(Debug)]
pub(crate) struct Cors {
    origins: Vec<OriginPattern>,
    /// The origin of the server's own pages. Browsers send it with every POST.
    own: String,
}

/// The CORS headers of a response.
#[derive(Debug, Clone, Default)]
pub(crate) struct CorsHeaders(HeaderMap);

impl Cors {
    pub(crate) fn new(origins: &[OriginPattern], public_url: &PublicUrl) -> Self {
        Self { origins: origins.to_vec(), own: public_url.origin() }
    }

    /// Returns `None` if no origin is configured: responses then have no CORS headers.
    pub(crate) fn enabled(&self) -> Option<&Self> {
        Some(self).filter(|cors| !cors.origins.is_empty())
    }

    /// Rejects a request to the API if the browser reports that a page of another origin sent it, unless that origin is
    /// allowed. The page could not read the response, but the request would still act on the user's account and limits.
    pub(crate) fn expect_allowed(
        &self,
        method: &Method,
        request: &HeaderMap,
    ) -> Result<(), ApiError> {
        let is_foreign = Site::of(request) == Site::Foreign && !is_navigation(method, request);
        if !is_foreign || self.allowed(request).is_some() {
            return Ok(());
        }
        tracing::info!(
            origin = shown_origin(request),
            "cross-origin request rejected: the origin of the page is not in cors_origins"
        );
        Err(ApiError::Forbidden(Forbidden { required: "cors:origin" }))
    }

    /// Returns the headers for the response to a request, whatever its status.
    pub(crate) fn headers(&self, request: &HeaderMap) -> CorsHeaders {
        let mut headers = HeaderMap::new();
        // Even if the request has no allowed origin: a shared cache must not serve a response for one
        // origin to another.
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = self.allowed(request) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
        CorsHeaders(headers)
    }

    /// Returns the response to a preflight request, and `None` for every other request.
    ///
    /// The path is not checked: the request that follows gets a 404 or 405, which the page can read.
    pub(crate) fn preflight(
        &self,
        method: &Method,
        request: &HeaderMap,
    ) -> Option<Result<HttpResponse, ApiError>> {
        let is_preflight = *method == Method::OPTIONS
            && request.contains_key(header::ORIGIN)
            && request.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        is_preflight.then(|| {
            if self.allowed(request).is_none() {
                tracing::info!(
                    origin = shown_origin(request),
                    "preflight request rejected: the origin is not in cors_origins"
                );
                return Err(ApiError::Forbidden(Forbidden { required: "cors:origin" }));
            }
            let mut response = HttpResponse::Ok();
            response
                .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
                .insert_header((header::ACCESS_CONTROL_MAX_AGE, MAX_AGE))
                .append_header((header::VARY, "Access-Control-Request-Method"))
                .append_header((header::VARY, "Access-Control-Request-Headers"));
            if let Some(names) = requested_headers(request) {
                response.insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, names));
            }
            if request.contains_key(REQUEST_PRIVATE_NETWORK) {
                response.insert_header((ALLOW_PRIVATE_NETWORK, "true"));
            }
            Ok(response.finish())
        })
    }

    /// Returns the request's origin, if its pages may call the server.
    fn allowed<'a>(&self, request: &'a HeaderMap) -> Option<&'a HeaderValue> {
        let mut origins = request.get_all(header::ORIGIN);
        let (origin, None) = (origins.next()?, origins.next()) else { return None };
        let text = origin.to_str().ok()?;
        let is_allowed = text.eq_ignore_ascii_case(&self.own)
            || self.origins.iter().any(|pattern| pattern.matches(text));
        is_allowed.then_some(origin)
    }
}

impl CorsHeaders {
    /// Adds the headers to a response. An existing `Vary` header is kept.
    pub(crate) fn add_to(&self, response: &mut HeaderMap) {
        for (name, value) in &self.0 {
            if name == header::VARY {
                response.append(name.clone(), value.clone());
            } else {
                response.insert(name.clone(), value.clone());
            }
        }
    }
}

fn shown_origin(request: &HeaderMap) -> String {
    let origin = request.get(header::ORIGIN).map(|it| it.as_bytes().escape_ascii());
    origin.map(|it| it.to_string()).unwrap_or_default()
}

/// Returns the valid names among the headers that a page asks to send. All of them are allowed
/// (docs/decisions/0023).
fn requested_headers(request: &HeaderMap) -> Option<String> {
    let lines = request.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let names = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    let names = names.filter_map(|name| HeaderName::try_from(name.trim()).ok());
    let names: Vec<String> = names.map(|name| name.as_str().to_owned()).collect();
    let list = names.join(", ");
    (!list.is_empty() && list.len() <= REQUEST_HEADERS_MAX).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cors() -> Cors {
        let origins = ["https://app.example.com".parse().unwrap()];
        let public_url = PublicUrl::parse("https://auth.example.com:8443/base").unwrap();
        Cors::new(&origins, &public_url)
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        });
        pairs.fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        })
    }

    #[test]
    fn server_origin_is_always_allowed() {
        let allows = |origin| cors().allowed(&headers(&[("origin", origin)])).is_some();
        assert!(allows("https://auth.example.com:8443"));
        assert!(!allows("https://auth.example.com") && !allows("http://auth.example.com:8443"));
    }

    #[test]
    fn request_with_two_origin_headers_is_not_allowed() {
        let origin = ("origin", "https://app.example.com");
        assert!(cors().allowed(&headers(&[origin])).is_some());
        assert!(cors().allowed(&headers(&[origin, origin])).is_none());
    }

    #[test]
    fn cross_origin_request_is_rejected_unless_allowed_or_a_navigation() {
        let expected = |method: Method, pairs: &[(&'static str, &str)]| {
            cors().expect_allowed(&method, &headers(pairs)).is_ok()
        };
        let (site, mode) = ("sec-fetch-site", "sec-fetch-mode");
        for origin in ["https://app.example.com", "https://auth.example.com:8443"] {
            assert!(expected(Method::POST, &[(site, "cross-site"), ("origin", origin)]));
        }
        assert!(expected(Method::GET, &[(site, "cross-site"), (mode, "navigate")]));
        assert!(expected(Method::POST, &[(site, "same-origin"), ("origin", "https://x.example")]));
        assert!(expected(Method::POST, &[]) && expected(Method::POST, &[(site, "none")]));
        for method in [Method::GET, Method::POST, Method::DELETE] {
            for foreign in ["cross-site", "same-site"] {
                assert!(!expected(method.clone(), &[(site, foreign)]));
                for origin in ["null", "https://evil.example", "https://auth.example.com"] {
                    assert!(!expected(method.clone(), &[(site, foreign), ("origin", origin)]));
                }
            }
        }
        let disabled = Cors::new(&[], &PublicUrl::parse("https://auth.example.com").unwrap());
        assert!(disabled.enabled().is_none());
        let own = headers(&[(site, "same-site"), ("origin", "https://auth.example.com")]);
        assert!(disabled.expect_allowed(&Method::POST, &own).is_ok());
        assert!(disabled.expect_allowed(&Method::POST, &headers(&[(site, "same-site")])).is_err());
    }

    #[test]
    fn every_valid_requested_header_name_is_allowed() {
        let name = "access-control-request-headers";
        let requested = |lines: &[&str]| {
            let pairs: Vec<_> = lines.iter().map(|line| (name, *line)).collect();
            requested_headers(&headers(&pairs))
        };
        let tools = "baggage,sentry-trace, X-Requested-With,traceparent";
        let expected = "baggage, sentry-trace, x-requested-with, traceparent";
        assert_eq!(requested(&[tools]).unwrap(), expected);
        assert_eq!(requested(&["a,,b c", "d"]).unwrap(), "a, d");
        assert_eq!(requested(&[",", "é"]), None);
        assert_eq!(requested(&[&"long,".repeat(1000)]), None);
        assert_eq!(requested(&[]), None);
    }
}
