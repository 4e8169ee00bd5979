use serde::Serialize;
use time::{OffsetDateTime, macros::format_description};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, schema::Type},
};

use super::{Kind, catalog};

/// Every failure but a request that has to be mended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorResponse {
    /// The code: a program decides by this and the status.
    #[schema(schema_with = error_codes)]
    error: &'static str,
    /// What happened, for a person.
    #[schema(examples("Authentication is required or was refused"))]
    message: &'static str,
    details: ErrorDetails,
    /// When it happened: UTC, without a zone, in microseconds.
    #[schema(
        pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}$",
        examples("2026-01-01T12:00:00.000000")
    )]
    timestamp: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, examples(401))]
    status_code: u16,
}

/// What is known beyond the code; what does not apply is left out.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ErrorDetails {
    /// Why a refresh token was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = reasons)]
    reason: Option<&'static str>,
    /// The permission that is missing, as `resource:action`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("org:access"))]
    required_permission: Option<&'static str>,
    /// The greatest size of a body, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(65536))]
    limit_bytes: Option<usize>,
    /// When to try again, in seconds from now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(60))]
    retry_after: Option<u64>,
}

impl ErrorResponse {
    pub(crate) fn new(kind: &Kind, details: ErrorDetails, now: OffsetDateTime) -> Self {
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
    one_of(codes).description(Some("The code: a program decides by this and the status."))
}

fn reasons() -> ObjectBuilder {
    let reasons = catalog::REASONS.iter().map(|reason| reason.name).collect();
    one_of(reasons).description(Some("Why a refresh token was refused."))
}

fn one_of(values: Vec<&str>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values))
}
