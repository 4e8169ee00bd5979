//! What a request that failed is answered, and what is logged of it.

mod issue;

pub(crate) use issue::{Input, Issue};

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
use serde_json::{Value, json};
use time::{OffsetDateTime, macros::format_description};

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
    #[error("the refresh token is refused: {reason}")]
    RefreshRefused { reason: &'static str },
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

impl ApiError {
    pub(crate) fn internal(source: impl Into<Source>) -> Self {
        Self::Internal(source.into())
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Validation(_) | Self::BodyTooSlow => "VALIDATION_ERROR",
            Self::Unauthenticated { .. } | Self::RefreshRefused { .. } => "AUTHENTICATION_FAILED",
            Self::Forbidden(_) => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed { .. } => "METHOD_NOT_ALLOWED",
            Self::PayloadTooLarge { .. } => "PAYLOAD_TOO_LARGE",
            Self::RateLimited(_) => "RATE_LIMIT_EXCEEDED",
            Self::Unavailable { .. } => "SERVICE_UNAVAILABLE",
            Self::Internal(_) => "INTERNAL_SERVER_ERROR",
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::Validation(_) | Self::BodyTooSlow => "The request has to be mended",
            Self::Unauthenticated { .. } => "Authentication is required or was refused",
            Self::RefreshRefused { .. } => "The refresh token was refused: sign in again",
            Self::Forbidden(_) => "You do not have the permission that this needs",
            Self::NotFound => "There is nothing at this address",
            Self::MethodNotAllowed { .. } => "This method is not allowed here",
            Self::PayloadTooLarge { .. } => "The request's body is too large",
            Self::RateLimited(_) => "Too many requests: try again later",
            Self::Unavailable { .. } => "The service is unavailable for the moment: try again",
            Self::Internal(_) => "Something went wrong on our side",
        }
    }

    fn details(&self) -> Value {
        match self {
            Self::RefreshRefused { reason } => json!({ "reason": reason }),
            Self::Forbidden(forbidden) => json!({ "required_permission": forbidden.required }),
            Self::PayloadTooLarge { limit_bytes } => json!({ "limit_bytes": limit_bytes }),
            Self::RateLimited(retry) => json!({ "retry_after": retry.seconds() }),
            Self::Unavailable { retry_after, .. } => json!({ "retry_after": retry_after }),
            Self::Validation(_)
            | Self::BodyTooSlow
            | Self::Unauthenticated { .. }
            | Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::Internal(_) => json!({}),
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
            Self::RateLimited(retry) => Some((header::RETRY_AFTER, retry.seconds().to_string())),
            Self::Unavailable { retry_after, .. } => {
                Some((header::RETRY_AFTER, retry_after.to_string()))
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
        if let Some((name, value)) = self.header()
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            response.insert_header((name, value));
        }
        if let Self::Validation(issues) = self {
            return response.json(json!({ "detail": issues }));
        }
        if let Self::BodyTooSlow = self {
            let issue = Issue::json_invalid(0, "the body did not come to its end");
            return response.force_close().json(json!({ "detail": [issue] }));
        }
        let format = format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]"
        );
        response.json(json!({
            "error": self.code(),
            "message": self.message(),
            "details": self.details(),
            "timestamp": now.format(format).unwrap_or_default(),
            "status_code": self.status_code().as_u16(),
        }))
    }

    /// Writes down a failure of ours, once, with what is behind it.
    pub(crate) fn log(&self) {
        match self {
            Self::Internal(source) => {
                tracing::error!(error = %chain(source.as_ref()), "request failed");
            }
            Self::Unavailable { source: Some(source), .. } => {
                tracing::warn!(error = %chain(source.as_ref()), "request not served");
            }
            Self::Unavailable { source: None, .. } => {
                tracing::warn!("request not served: too busy");
            }
            Self::RateLimited(_) => tracing::info!(event = "rate_limited", "{self}"),
            Self::Validation(_)
            | Self::BodyTooSlow
            | Self::Unauthenticated { .. }
            | Self::RefreshRefused { .. }
            | Self::Forbidden(_)
            | Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::PayloadTooLarge { .. } => tracing::debug!("{self}"),
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Validation(_) | Self::BodyTooSlow => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unauthenticated { .. } | Self::RefreshRefused { .. } => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::PayloadTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy => Self::Unavailable { source: None, retry_after: RETRY_BUSY },
            Failure::Storage(error @ StorageError::Unavailable(_)) => {
                Self::Unavailable { source: Some(Box::new(error)), retry_after: RETRY_STORAGE }
            }
            Failure::Storage(StorageError::Fault(_)) | Failure::Hasher(_) | Failure::Signing(_) => {
                Self::Internal(Box::new(failure))
            }
        }
    }
}
