//! Error responses, and what is logged about failed requests.

pub(crate) mod catalog;
mod envelope;
mod issue;
mod throttle;

pub(crate) use catalog::{ErrorKind, ErrorReason, ValidationType};
pub(crate) use envelope::{ErrorDetails, ErrorResponse};
pub(crate) use issue::{FieldRule, Input, Location, ValidationError, ValidationResponse};
pub(crate) use throttle::EverySecond;

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use doorward_application::{CommonError, access::denied::Forbidden};
use doorward_domain::{
    error::chain,
    ports::{RetryAfter, StorageError},
};
use serde::Serialize;
use time::OffsetDateTime;

/// The body of an error response, in one of the two shapes.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum ErrorBody<'a> {
    Envelope(ErrorResponse),
    Validation(ValidationResponse<'a>),
}

type Source = Box<dyn std::error::Error + Send + Sync>;

/// An error of a request. Its response has one of the two shapes of the contract: the envelope, or
/// the list of validation errors.
///
/// The text for the client depends on the variant alone. Sources are only logged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("invalid request")]
    Validation(Vec<ValidationError>),
    #[error("not authenticated")]
    Unauthenticated(Credential),
    #[error("refresh token rejected: {}", reason.name)]
    RefreshRefused { reason: &'static ErrorReason },
    #[error("{0}")]
    Forbidden(Forbidden),
    #[error("no such route")]
    NotFound,
    #[error("method not allowed")]
    MethodNotAllowed { allow: String },
    #[error("the body was not received in time")]
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

/// The credential that was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// The request has no access token.
    Missing,
    AccessToken,
    Password,
    /// A token from an email.
    Link,
}

/// The `Retry-After` in seconds when the database is unavailable.
const RETRY_STORAGE: u64 = 2;
/// The `Retry-After` in seconds when the password-hashing queue is full.
const RETRY_BUSY: u64 = 1;

/// Counts requests rejected because the server is overloaded. A log line for each would add to the load.
static TURNED_AWAY: EverySecond = EverySecond::new();

impl ApiError {
    pub(crate) fn internal(source: impl Into<Source>) -> Self {
        Self::Internal(source.into())
    }

    /// Returns the entry of the catalog; `None` for validation errors, which have no envelope.
    fn kind(&self) -> Option<&'static ErrorKind> {
        match self {
            Self::Validation(_) | Self::BodyTooSlow => None,
            Self::Unauthenticated(Credential::Missing | Credential::AccessToken) => {
                Some(&catalog::UNAUTHENTICATED)
            }
            Self::Unauthenticated(Credential::Password) => Some(&catalog::PASSWORD_REFUSED),
            Self::Unauthenticated(Credential::Link) => Some(&catalog::LINK_REFUSED),
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
            | Self::Unauthenticated(_)
            | Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::Internal(_) => ErrorDetails::default(),
        }
    }

    /// Returns the number of seconds to wait before retrying, if retrying can help.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::RateLimited(retry) => Some(retry.seconds()),
            Self::Unavailable { retry_after, .. } => Some(*retry_after),
            Self::Validation(_)
            | Self::Unauthenticated(_)
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
            Self::Unauthenticated(Credential::AccessToken) => {
                Some((header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#.to_owned()))
            }
            Self::Unauthenticated(_) | Self::RefreshRefused { .. } => {
                Some((header::WWW_AUTHENTICATE, "Bearer".to_owned()))
            }
            Self::MethodNotAllowed { allow } => Some((header::ALLOW, allow.clone())),
            Self::RateLimited(_) | Self::Unavailable { .. } => {
                Some((header::RETRY_AFTER, self.retry_after()?.to_string()))
            }
            // The rest of the body is not read.
            Self::BodyTooSlow | Self::PayloadTooLarge { .. } => {
                Some((header::CONNECTION, "close".to_owned()))
            }
            Self::Validation(_) | Self::Forbidden(_) | Self::NotFound | Self::Internal(_) => None,
        }
    }

    /// Returns the response.
    pub(crate) fn response(&self, now: OffsetDateTime) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        if let Self::BodyTooSlow = self {
            response.force_close();
        }
        let mut response = response.json(self.body(now));
        self.add_header(&mut response);
        response
    }

    /// Adds the error's header to the response, if it has one.
    pub(crate) fn add_header(&self, response: &mut HttpResponse) {
        if let Some((name, value)) = self.header()
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            response.headers_mut().insert(name, value);
        }
    }

    /// Returns the body of the response.
    pub(crate) fn body(&self, now: OffsetDateTime) -> ErrorBody<'_> {
        match (self, self.kind()) {
            (_, Some(kind)) => ErrorBody::Envelope(ErrorResponse::new(kind, self.details(), now)),
            (Self::Validation(issues), None) => ErrorBody::Validation(issues.into()),
            (_, None) => {
                let issue = ValidationError::json_invalid(0, "the body was not received in time");
                ErrorBody::Validation(vec![*issue].into())
            }
        }
    }

    /// Logs the error. Server errors are logged once, with their sources.
    pub(crate) fn log(&self, now: OffsetDateTime) {
        match self {
            Self::Internal(source) => {
                tracing::error!(error = %chain(source.as_ref()), "request failed");
            }
            Self::Unavailable { source: Some(source), .. } => {
                tracing::warn!(error = %chain(source.as_ref()), "request failed: service unavailable");
            }
            Self::Unavailable { source: None, .. } => {
                if let Some(requests) = TURNED_AWAY.count(now) {
                    tracing::warn!(requests, "requests rejected: overloaded");
                }
            }
            Self::RateLimited(_) => tracing::info!(event = "rate_limited", "{self}"),
            Self::Forbidden(_) => tracing::info!(event = "forbidden", "{self}"),
            Self::Validation(_)
            | Self::BodyTooSlow
            | Self::Unauthenticated(_)
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

impl From<ValidationError> for ApiError {
    fn from(issue: ValidationError) -> Self {
        Self::Validation(vec![issue])
    }
}

impl From<CommonError> for ApiError {
    fn from(failure: CommonError) -> Self {
        match failure {
            CommonError::Busy => Self::Unavailable { source: None, retry_after: RETRY_BUSY },
            CommonError::Storage(error @ StorageError::Unavailable(_)) => {
                Self::Unavailable { source: Some(Box::new(error)), retry_after: RETRY_STORAGE }
            }
            CommonError::Storage(StorageError::Fault(_))
            | CommonError::Hasher(_)
            | CommonError::Keys(_)
            | CommonError::Signing(_) => Self::Internal(Box::new(failure)),
        }
    }
}
