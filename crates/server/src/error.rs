//! What a request that failed is answered, and what is logged of it.

pub(crate) mod catalog;
mod envelope;
mod issue;
mod throttle;

pub(crate) use catalog::{IssueType, Kind, Term};
pub(crate) use envelope::{ErrorDetails, ErrorResponse};
pub(crate) use issue::{FieldRule, Input, Issue, Place, ValidationResponse};
pub(crate) use throttle::EverySecond;

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use doorward_application::{Failure, authorize::Forbidden};
use doorward_domain::{
    error::chain,
    ports::{RetryAfter, StorageError},
};
use serde::Serialize;
use time::OffsetDateTime;

/// One of the two shapes.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum ErrorBody<'a> {
    Envelope(ErrorResponse),
    Validation(ValidationResponse<'a>),
}

type Source = Box<dyn std::error::Error + Send + Sync>;

/// The two shapes of the contract: the envelope, and the list of what is wrong with a request.
///
/// The text for the client is made of the variant alone. Sources go into the log and nowhere else.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("the request has to be mended")]
    Validation(Vec<Issue>),
    #[error("not authenticated")]
    Unauthenticated { token_was_sent: bool },
    #[error("the refresh token is refused: {}", reason.name)]
    RefreshRefused { reason: &'static Term },
    #[error("{0}")]
    Forbidden(Forbidden),
    #[error("no such route")]
    NotFound,
    #[error("no such method")]
    MethodNotAllowed { allow: String },
    #[error("the body did not come to its end")]
    BodyTooSlow,
    #[error("the body is too large")]
    PayloadTooLarge { limit_bytes: usize },
    #[error("{0}")]
    RateLimited(RetryAfter),
    #[error("unavailable")]
    Unavailable { source: Option<Source>, retry_after: u64 },
    #[error("internal error")]
    Internal(Source),
}

/// How long a client is asked to wait for the database, in seconds.
const RETRY_STORAGE: u64 = 2;
/// How long a client is asked to wait for the hashing queue, in seconds.
const RETRY_BUSY: u64 = 1;

/// Those that were turned away because too much was going on: a line for each would be a second storm.
static TURNED_AWAY: EverySecond = EverySecond::new();

impl ApiError {
    pub(crate) fn internal(source: impl Into<Source>) -> Self {
        Self::Internal(source.into())
    }

    /// The row of the table that it is answered by; a request that has to be mended has none.
    fn kind(&self) -> Option<&'static Kind> {
        match self {
            Self::Validation(_) | Self::BodyTooSlow => None,
            Self::Unauthenticated { .. } => Some(&catalog::UNAUTHENTICATED),
            Self::RefreshRefused { .. } => Some(&catalog::REFRESH_REFUSED),
            Self::Forbidden(_) => Some(&catalog::FORBIDDEN),
            Self::NotFound => Some(&catalog::NOT_FOUND),
            Self::MethodNotAllowed { .. } => Some(&catalog::METHOD_NOT_ALLOWED),
            Self::PayloadTooLarge { .. } => Some(&catalog::PAYLOAD_TOO_LARGE),
            Self::RateLimited(_) => Some(&catalog::RATE_LIMITED),
            Self::Unavailable { .. } => Some(&catalog::UNAVAILABLE),
            Self::Internal(_) => Some(&catalog::INTERNAL),
        }
    }

    fn details(&self) -> ErrorDetails {
        match self {
            Self::RefreshRefused { reason } => ErrorDetails::reason(reason.name),
            Self::Forbidden(forbidden) => ErrorDetails::permission(forbidden.required),
            Self::PayloadTooLarge { limit_bytes } => ErrorDetails::limit(*limit_bytes),
            Self::RateLimited(retry) => ErrorDetails::retry(retry.seconds()),
            Self::Unavailable { retry_after, .. } => ErrorDetails::retry(*retry_after),
            Self::Validation(_)
            | Self::BodyTooSlow
            | Self::Unauthenticated { .. }
            | Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::Internal(_) => ErrorDetails::default(),
        }
    }

    /// After how many seconds it may be tried again, if that helps.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::RateLimited(retry) => Some(retry.seconds()),
            Self::Unavailable { retry_after, .. } => Some(*retry_after),
            Self::Validation(_)
            | Self::Unauthenticated { .. }
            | Self::RefreshRefused { .. }
            | Self::Forbidden(_)
            | Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::BodyTooSlow
            | Self::PayloadTooLarge { .. }
            | Self::Internal(_) => None,
        }
    }

    fn header(&self) -> Option<(header::HeaderName, String)> {
        match self {
            // RFC 6750, section 3: no error code where no token was sent.
            Self::Unauthenticated { token_was_sent: false } | Self::RefreshRefused { .. } => {
                Some((header::WWW_AUTHENTICATE, "Bearer".to_owned()))
            }
            Self::Unauthenticated { token_was_sent: true } => {
                Some((header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#.to_owned()))
            }
            Self::MethodNotAllowed { allow } => Some((header::ALLOW, allow.clone())),
            Self::RateLimited(_) | Self::Unavailable { .. } => {
                Some((header::RETRY_AFTER, self.retry_after()?.to_string()))
            }
            // Nobody waits for what is left of it.
            Self::BodyTooSlow | Self::PayloadTooLarge { .. } => {
                Some((header::CONNECTION, "close".to_owned()))
            }
            Self::Validation(_) | Self::Forbidden(_) | Self::NotFound | Self::Internal(_) => None,
        }
    }

    /// The answer.
    pub(crate) fn response(&self, now: OffsetDateTime) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        if let Self::BodyTooSlow = self {
            response.force_close();
        }
        let mut response = response.json(self.body(now));
        self.add_header(&mut response);
        response
    }

    /// Adds the header that the answer has beside its body.
    pub(crate) fn add_header(&self, response: &mut HttpResponse) {
        if let Some((name, value)) = self.header()
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            response.headers_mut().insert(name, value);
        }
    }

    /// The body of the answer.
    pub(crate) fn body(&self, now: OffsetDateTime) -> ErrorBody<'_> {
        match (self, self.kind()) {
            (_, Some(kind)) => ErrorBody::Envelope(ErrorResponse::new(kind, self.details(), now)),
            (Self::Validation(issues), None) => ErrorBody::Validation(issues.into()),
            (_, None) => {
                let issue = Issue::json_invalid(0, "the body did not come to its end");
                ErrorBody::Validation(vec![*issue].into())
            }
        }
    }

    /// Writes down a failure of ours, once, with what is behind it.
    pub(crate) fn log(&self, now: OffsetDateTime) {
        match self {
            Self::Internal(source) => {
                tracing::error!(error = %chain(source.as_ref()), "request failed");
            }
            Self::Unavailable { source: Some(source), .. } => {
                tracing::warn!(error = %chain(source.as_ref()), "request not served");
            }
            Self::Unavailable { source: None, .. } => {
                if let Some(requests) = TURNED_AWAY.count(now) {
                    tracing::warn!(requests, "requests not served: too busy");
                }
            }
            Self::RateLimited(_) => tracing::info!(event = "rate_limited", "{self}"),
            Self::Forbidden(_) => tracing::info!(event = "forbidden", "{self}"),
            Self::Validation(_)
            | Self::BodyTooSlow
            | Self::Unauthenticated { .. }
            | Self::RefreshRefused { .. }
            | Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::PayloadTooLarge { .. } => tracing::debug!("{self}"),
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        let kind = self.kind().map(|kind| StatusCode::from_u16(kind.status));
        kind.map_or(StatusCode::UNPROCESSABLE_ENTITY, |status| {
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        })
    }
}

impl From<Issue> for ApiError {
    fn from(issue: Issue) -> Self {
        Self::Validation(vec![issue])
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy => Self::Unavailable { source: None, retry_after: RETRY_BUSY },
            Failure::Storage(error @ StorageError::Unavailable(_)) => {
                Self::Unavailable { source: Some(Box::new(error)), retry_after: RETRY_STORAGE }
            }
            Failure::Storage(StorageError::Fault(_))
            | Failure::Hasher(_)
            | Failure::Keys(_)
            | Failure::Signing(_) => Self::Internal(Box::new(failure)),
        }
    }
}
