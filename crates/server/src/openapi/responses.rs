//! The answers of an endpoint: of its place in the route table, of its types, and of its own.

use std::{collections::BTreeMap, time::Duration};

use actix_web::ResponseError;
use doorward_adapters::limits::Quotas;
use doorward_application::Failure;
use doorward_domain::ports::{Limit, RetryAfter, StorageError};
use serde_json::json;
use time::macros::datetime;
use utoipa::openapi::{
    ContentBuilder, Header, HeaderBuilder, ObjectBuilder, Ref, Response, ResponseBuilder,
    Responses, ResponsesBuilder, example::ExampleBuilder, schema::Type,
};

use super::Signature;
use crate::{
    error::ApiError,
    extract::BODY_LIMIT,
    routes::{Access, Endpoint},
};

/// What the published reference lists for each of its endpoints. Clients may have a type for each,
/// so they stay in the document where this server never answers them.
const PUBLISHED: [u16; 5] = [401, 403, 422, 429, 500];

const RESERVED: &str =
    "Reserved: the v1 API lists this status here, and this server does not answer it.";

/// An error, the name of its example, and when it happens.
struct Cause {
    name: String,
    when: String,
    error: ApiError,
}

impl Cause {
    fn new(name: &str, when: impl Into<String>, error: ApiError) -> Self {
        Self { name: name.to_owned(), when: when.into(), error }
    }
}

pub(super) fn of(endpoint: &Endpoint, signature: &Signature) -> Responses {
    let mut by_status = BTreeMap::<u16, Vec<Cause>>::new();
    for cause in causes(endpoint, signature) {
        by_status.entry(cause.error.status_code().as_u16()).or_default().push(cause);
    }
    if endpoint.operation.published {
        let input = &signature.input;
        let takes_something = signature.access == Access::Bearer
            || input.body.is_some()
            || input.refused_query.is_some();
        for status in PUBLISHED {
            if status != 422 || takes_something {
                by_status.entry(status).or_default();
            }
        }
    }
    let success = ResponseBuilder::new()
        .description(endpoint.operation.answer)
        .content("application/json", signature.success.clone());
    let headers = signature.headers.iter().cloned();
    let success = headers.fold(success, |success, (name, header)| success.header(name, header));
    let responses = ResponsesBuilder::new().response("200", with_request_id(success));
    let refused = by_status.into_iter();
    refused
        .fold(responses, |responses, (status, causes)| {
            responses.response(status.to_string(), refusal(status, &causes))
        })
        .build()
}

fn causes(endpoint: &Endpoint, signature: &Signature) -> Vec<Cause> {
    let mut causes = Vec::new();
    if signature.access == Access::Bearer {
        let when =
            "There is no access token, or it is wrong or has expired, or its session was ended.";
        causes.push(Cause::new("token", when, ApiError::Unauthenticated { token_was_sent: true }));
    }
    causes.extend(input_causes(endpoint, signature));
    for refusal in endpoint.operation.refusals {
        causes.push(Cause::new(
            &refusal.name(),
            refusal.when(),
            signature.input.show(refusal.error()),
        ));
    }
    causes.push(requests(endpoint.limit));
    if endpoint.operation.needs_database {
        let when = "This server has a fault. It is in its log, under the request's `X-Request-Id`.";
        causes.push(Cause::new("fault", when, ApiError::internal("")));
        let away = StorageError::Unavailable("".into());
        causes.push(Cause::new("database", "The database is away.", Failure::Storage(away).into()));
    }
    causes
}

fn input_causes(endpoint: &Endpoint, signature: &Signature) -> Vec<Cause> {
    let mut causes = Vec::new();
    if let Some(body) = &signature.input.body {
        let when = "Fields are missing or wrong: all of them are listed, in their order.";
        causes.push(Cause::new("fields", when, (body.refusal)()));
    }
    if let Some(refusal) = signature.input.refused_query {
        let when = "A parameter is missing or wrong.";
        causes.extend(refusal().map(|error| Cause::new("parameter", when, error)));
    }
    if endpoint.method != "GET" {
        let when = if signature.input.body.is_some() {
            "The body is not JSON, or did not come to its end in time."
        } else {
            "There is a body, which is not looked at, and it did not come to its end in time."
        };
        causes.push(Cause::new("json_invalid", when, ApiError::BodyTooSlow));
        let error = ApiError::PayloadTooLarge { limit_bytes: BODY_LIMIT };
        causes.push(Cause::new("body", "The body has more than 64 KiB.", error));
    }
    causes
}

/// How many requests a minute there may be from one address, if nothing else is configured, and the
/// option that says so.
pub(super) fn limit(limit: Limit) -> (u32, &'static str) {
    let option = match limit {
        Limit::Register => "limit_register",
        Limit::Login => "limit_login",
        Limit::LoginFailures | Limit::LoginReserve => "limit_login_failures",
        Limit::Refresh => "limit_refresh",
        Limit::Mail => "limit_mail",
        Limit::PasswordCheck => "limit_password_check",
        Limit::Other => "limit_other",
    };
    (Quotas::default().per_minute(limit), option)
}

fn requests(of: Limit) -> Cause {
    let (a_minute, option) = limit(of);
    let together = match of {
        Limit::Mail => ", counted together with the others that send mail",
        Limit::Other => ", counted together with all that have no limit of their own",
        Limit::Register
        | Limit::Login
        | Limit::LoginFailures
        | Limit::LoginReserve
        | Limit::Refresh
        | Limit::PasswordCheck => "",
    };
    let when = format!(
        "More than {a_minute} requests a minute (`{option}`) came from one address{together}."
    );
    Cause::new("requests", when, ApiError::RateLimited(RetryAfter(Duration::from_secs(60))))
}

fn refusal(status: u16, causes: &[Cause]) -> Response {
    let schema = if status == 422 { "HTTPValidationError" } else { "ErrorResponse" };
    let now = datetime!(2026-01-01 12:00 UTC);
    let examples = causes.iter().map(|Cause { name, when, error }| {
        let value = json!(error.body(now));
        (name, ExampleBuilder::new().summary(when).value(Some(value)).build())
    });
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(schema)))
        .examples_from_iter(examples);
    let description = match causes {
        [] => RESERVED.to_owned(),
        [only] => only.when.clone(),
        several => several.iter().map(|cause| format!("- {}\n", cause.when)).collect(),
    };
    let response = ResponseBuilder::new()
        .description(description)
        .content("application/json", content.build());
    let response = match status {
        _ if causes.is_empty() => response,
        401 => response
            .header("WWW-Authenticate", header("How to authenticate (RFC 6750, section 3).")),
        429 | 503 => {
            response.header("Retry-After", seconds("When to try again, in seconds from now."))
        }
        _ => response,
    };
    with_request_id(response)
}

pub(super) fn with_request_id(response: ResponseBuilder) -> Response {
    let reference = Ref::new("#/components/headers/X-Request-Id");
    response.header_ref("X-Request-Id", reference).build()
}

pub(super) fn request_id() -> Header {
    header(
        "The id of the request, by which the log knows it: the request's own, if it sent a sane one.",
    )
}

/// A header that holds a text.
pub(crate) fn header(description: &str) -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String);
    HeaderBuilder::new().schema(Some(text)).description(Some(description)).build()
}

fn seconds(description: &str) -> Header {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    HeaderBuilder::new().schema(Some(number)).description(Some(description)).build()
}
