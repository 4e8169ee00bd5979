use serde::Serialize;
use time::{OffsetDateTime, macros::format_description};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, schema::Type},
};

use super::{ErrorKind, catalog};

/// The body of every error response except validation errors.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorResponse {
    /// The error code. Programs should base decisions on it and on the status.
    #[schema(schema_with = error_codes)]
    error: &'static str,
    /// What happened, in words that can be shown to the user.
    #[schema(examples("You are not signed in, or your session has ended: sign in and try again"))]
    message: &'static str,
    details: ErrorDetails,
    /// When the error happened: in UTC, without a time zone, with microseconds.
    #[schema(
        pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}$",
        examples("2026-01-01T12:00:00.000000")
    )]
    timestamp: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, examples(401))]
    status_code: u16,
}

/// Details of the error. Fields that don't apply are omitted.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ErrorDetails {
    /// The reason that a refresh token was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = reasons)]
    reason: Option<&'static str>,
    /// The missing permission, as `resource:action`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("org:access"))]
    required_permission: Option<&'static str>,
    /// The maximum size of a body, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(65536))]
    limit_bytes: Option<usize>,
    /// The number of seconds to wait before retrying.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(60))]
    retry_after: Option<u64>,
}

impl ErrorResponse {
    pub(crate) fn new(kind: &ErrorKind, details: ErrorDetails, now: OffsetDateTime) -> Self {
        let format = format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]"
        );
        Self {
            error: kind.error,
            message: kind.message,
            details,
            timestamp: now.format(format).unwrap_or_default(),
            status_code: kind.status,
        }
    }
}

impl ErrorDetails {
    pub(crate) fn reason(reason: &'static str) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }

    pub(crate) fn permission(required: &'static str) -> Self {
        Self { required_permission: Some(required), ..Self::default() }
    }

    pub(crate) fn limit(bytes: usize) -> Self {
        Self { limit_bytes: Some(bytes), ..Self::default() }
    }

    pub(crate) fn retry(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::default() }
    }
}

fn error_codes() -> ObjectBuilder {
    let mut codes: Vec<&str> = catalog::KINDS.iter().map(|kind| kind.error).collect();
    codes.dedup();
    one_of(codes).description(Some(
        "The error code. Programs should base decisions on it and on the status.",
    ))
}

fn reasons() -> ObjectBuilder {
    let reasons = catalog::REASONS.iter().map(|reason| reason.name).collect();
    one_of(reasons).description(Some("The reason that a refresh token was rejected."))
}

fn one_of(values: Vec<&str>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values))
}
