//! What the documentation says of an endpoint beside what its types tell.

use std::time::Duration;

use doorward_application::{Failure, authorize::Forbidden};
use doorward_domain::ports::RetryAfter;

use crate::error::{
    ApiError, FieldRule, Issue,
    catalog::{IssueType, Term},
};

/// What the documentation says of an endpoint.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The name of its function in generated clients.
    pub(crate) id: &'static str,
    pub(crate) tag: Tag,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
    /// What success says.
    pub(crate) answer: &'static str,
    /// The errors of its own, beside those that come of its place in the route table.
    pub(crate) refusals: &'static [Refusal],
    /// Whether it asks the database anything.
    pub(crate) needs_database: bool,
    /// Whether the v1 reference that was published first has it.
    pub(crate) published: bool,
}

/// The groups of endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    SignIn,
    Email,
    Profile,
    Sessions,
    Orgs,
    Service,
}

/// An error of an endpoint of its own, and when it happens.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A credential in the body is not accepted.
    Credential(&'static str),
    /// A refresh token is not accepted.
    Refresh(&'static Term),
    /// A permission is missing.
    Permission(&'static Term),
    /// A field breaks a rule that only the use case knows.
    Field(&'static FieldRule),
    /// What the path names is not there.
    NotFound(&'static str),
    /// Too many attempts failed.
    Failures(&'static str),
    /// There were too many on one day.
    TooManyToday(&'static str),
    /// Passwords are hashed here, and too many wait for it.
    Busy,
}

impl Tag {
    pub(super) const ALL: [Self; 6] =
        [Self::SignIn, Self::Email, Self::Profile, Self::Sessions, Self::Orgs, Self::Service];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SignIn => "Sign-in",
            Self::Email => "E-mail and password",
            Self::Profile => "Profile",
            Self::Sessions => "Sessions",
            Self::Orgs => "Organizations",
            Self::Service => "Service",
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::SignIn => "Accounts, tokens and sessions.",
            Self::Email => {
                "What happens by links in mails: verified addresses and forgotten passwords."
            }
            Self::Profile => "Who one is, and what one says of oneself.",
            Self::Sessions => "Where one is signed in.",
            Self::Orgs => {
                "Organizations, who is in them, and who is invited. An organization is named in the path, and \
                 the caller's role there counts: whatever organization the access token is for."
            }
            Self::Service => "For operators and for other services.",
        }
    }
}

impl Refusal {
    /// The error that is answered.
    pub(super) fn error(&self) -> ApiError {
        match self {
            Self::Credential(_) => ApiError::Unauthenticated { token_was_sent: false },
            Self::Refresh(reason) => ApiError::RefreshRefused { reason },
            Self::Permission(term) => ApiError::Forbidden(Forbidden { required: term.name }),
            Self::Field(rule) => ApiError::Validation(vec![Issue::refused(rule)]),
            Self::NotFound(_) => ApiError::NotFound,
            Self::Failures(_) => ApiError::RateLimited(RetryAfter(Duration::from_secs(60))),
            Self::TooManyToday(_) => {
                ApiError::RateLimited(RetryAfter(Duration::from_secs(12 * 3600)))
            }
            Self::Busy => Failure::Busy.into(),
        }
    }

    /// The name of its example.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Credential(_) => "credential".to_owned(),
            Self::Refresh(term) | Self::Permission(term) => term.name.to_owned(),
            Self::Field(FieldRule { field, kind: IssueType { name, .. }, .. }) => {
                format!("{field}.{name}")
            }
            Self::NotFound(_) => "unknown".to_owned(),
            Self::Failures(_) => "failures".to_owned(),
            Self::TooManyToday(_) => "daily".to_owned(),
            Self::Busy => "busy".to_owned(),
        }
    }

    /// When it happens.
    pub(super) fn when(&self) -> String {
        match self {
            Self::Credential(when)
            | Self::NotFound(when)
            | Self::Failures(when)
            | Self::TooManyToday(when) => (*when).to_owned(),
            Self::Refresh(term) | Self::Permission(term) => term.when.to_owned(),
            Self::Field(rule) => format!("`{}`: {}.", rule.field, rule.msg),
            Self::Busy => "More passwords wait to be checked than is good.".to_owned(),
        }
    }
}
