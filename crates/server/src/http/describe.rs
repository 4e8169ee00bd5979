//! The documentation of an endpoint that can't be derived from its types.

mod signature;

pub(crate) use signature::{
    BodyDoc, InputDoc, ResponseDoc, Schemas, Signature, Success, signature,
};

use std::time::Duration;

use doorward_application::{CommonError, access::denied::Forbidden};
use doorward_domain::ports::RetryAfter;
use utoipa::openapi::{Header, HeaderBuilder, ObjectBuilder, schema::Type};

use crate::http::error::{
    ApiError, Credential, FieldRule, ValidationError,
    catalog::{ErrorReason, ValidationType},
};

/// The documentation of an endpoint.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The name of the function in generated clients.
    pub(crate) id: &'static str,
    pub(crate) tag: Tag,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    /// The description of the success response.
    pub(crate) answer: &'static str,
    /// The errors of this endpoint, in addition to those that follow from the route table.
    pub(crate) refusals: &'static [DocumentedError],
    /// Whether the endpoint queries the database.
    pub(crate) needs_database: bool,
    /// Whether the endpoint is in the v1 reference that was published first.
    pub(crate) published: bool,
}

/// A group of endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    SignIn,
    Email,
    Profile,
    Sessions,
    Orgs,
    Service,
}

/// An error specific to an endpoint, and when it is returned.
#[derive(Debug)]
pub(crate) enum DocumentedError {
    /// A credential in the body is not accepted.
    Credential(Credential, &'static str),
    /// A refresh token is not accepted.
    Refresh(&'static ErrorReason),
    /// A permission is missing.
    Permission(&'static ErrorReason),
    /// A field violates a rule of the use case.
    Field(&'static FieldRule),
    /// The resource in the path does not exist.
    NotFound(&'static str),
    /// Too many attempts failed.
    Failures(&'static str),
    /// The daily limit is reached.
    TooManyToday(&'static str),
    /// The password-hashing queue is full.
    Busy,
}

impl Tag {
    pub(crate) const ALL: [Self; 6] =
        [Self::SignIn, Self::Email, Self::Profile, Self::Sessions, Self::Orgs, Self::Service];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignIn => "Sign-in",
            Self::Email => "Email and password",
            Self::Profile => "Profile",
            Self::Sessions => "Sessions",
            Self::Orgs => "Organizations",
            Self::Service => "Service",
        }
    }

    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::SignIn => "Registration, sign-in, tokens, and sign-out.",
            Self::Email => "Email verification, email address changes, and password resets.",
            Self::Profile => "The current user's account and profile.",
            Self::Sessions => "The current user's sessions and security events.",
            Self::Orgs => {
                "Organizations, their members, and their invites. The organization is given in the path, and the caller's \
                 role in that organization applies, whichever organization the access token is for."
            }
            Self::Service => "Endpoints for operators and for other services.",
        }
    }
}

impl DocumentedError {
    /// Returns the error of the response.
    pub(crate) fn error(&self) -> ApiError {
        match self {
            Self::Credential(credential, _) => ApiError::Unauthenticated(*credential),
            Self::Refresh(reason) => ApiError::RefreshRefused { reason },
            Self::Permission(term) => ApiError::Forbidden(Forbidden { required: term.name }),
            Self::Field(rule) => ApiError::Validation(vec![ValidationError::refused(rule)]),
            Self::NotFound(_) => ApiError::NotFound,
            Self::Failures(_) => ApiError::RateLimited(RetryAfter(Duration::from_secs(60))),
            Self::TooManyToday(_) => {
                ApiError::RateLimited(RetryAfter(Duration::from_secs(12 * 3600)))
            }
            Self::Busy => CommonError::Busy.into(),
        }
    }

    /// Returns the name of the example.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Credential(..) => "credential".to_owned(),
            Self::Refresh(term) | Self::Permission(term) => term.name.to_owned(),
            Self::Field(FieldRule { field, kind: ValidationType { name, .. }, .. }) => {
                format!("{field}.{name}")
            }
            Self::NotFound(_) => "unknown".to_owned(),
            Self::Failures(_) => "failures".to_owned(),
            Self::TooManyToday(_) => "daily".to_owned(),
            Self::Busy => "busy".to_owned(),
        }
    }

    /// Returns the condition under which the error is returned.
    pub(crate) fn when(&self) -> String {
        match self {
            Self::Credential(_, when)
            | Self::NotFound(when)
            | Self::Failures(when)
            | Self::TooManyToday(when) => (*when).to_owned(),
            Self::Refresh(term) | Self::Permission(term) => term.when.to_owned(),
            Self::Field(rule) => format!("`{}`: {}.", rule.field, rule.msg),
            Self::Busy => "The password-hashing queue is full.".to_owned(),
        }
    }
}

/// Documents a header with a string value.
pub(crate) fn text_header(description: &str) -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String);
    HeaderBuilder::new().schema(Some(text)).description(Some(description)).build()
}
