//! The documented responses of an endpoint: those that follow from the route table, from its types, and its own.

use std::{collections::BTreeMap, time::Duration};

use actix_web::ResponseError;
use doorward_adapters::limits::Quotas;
use doorward_application::{CommonError, access::denied::Forbidden};
use doorward_domain::ports::{Limit, RetryAfter, StorageError};
use serde_json::json;
use time::macros::datetime;
use utoipa::openapi::{
    ContentBuilder, Header, HeaderBuilder, ObjectBuilder, Ref, Response, ResponseBuilder,
    Responses, ResponsesBuilder, example::ExampleBuilder, schema::Type,
};

use crate::{
    http::{
        access::Access,
        describe::{Signature, text_header},
        error::{ApiError, Credential},
        request::BODY_LIMIT,
    },
    routes::Endpoint,
};

/// The statuses that the published v1 reference lists for each of its endpoints. Clients may have a
/// type for each, so they stay in the document even where this server never returns them.
const PUBLISHED: [u16; 5] = [401, 403, 422, 429, 500];

const RESERVED: &str =
    "Reserved: the v1 API lists this status here, but this server does not return it.";

/// An error, the name of its example, and when it is returned.
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
        let when = "The access token is missing, invalid, or expired, or its session was ended.";
        causes.push(Cause::new("token", when, ApiError::Unauthenticated(Credential::AccessToken)));
    }
    causes.extend(input_causes(endpoint, signature));
    for refusal in endpoint.operation.refusals {
        causes.push(Cause::new(
            &refusal.name(),
            refusal.when(),
            signature.input.show(refusal.error()),
        ));
    }
    causes.push(Cause::new(
        "cors:origin",
        "A browser sent the request from a page of an origin that is not in `cors_origins`.",
        ApiError::Forbidden(Forbidden { required: "cors:origin" }),
    ));
    causes.push(requests(endpoint.limit));
    if endpoint.operation.needs_database {
        let when =
            "The server failed unexpectedly. Its log has the cause, under the `X-Request-Id`.";
        causes.push(Cause::new("fault", when, ApiError::internal("")));
        let away = StorageError::Unavailable("".into());
        causes.push(Cause::new(
            "database",
            "The database is unavailable.",
            CommonError::Storage(away).into(),
        ));
    }
    causes
}

fn input_causes(endpoint: &Endpoint, signature: &Signature) -> Vec<Cause> {
    let mut causes = Vec::new();
    if let Some(body) = &signature.input.body {
        let when =
            "Fields are missing or invalid. All of them are listed, in the order of the fields.";
        causes.push(Cause::new("fields", when, (body.refusal)()));
    }
    if let Some(refusal) = signature.input.refused_query {
        let when = "A parameter is missing or invalid.";
        causes.extend(refusal().map(|error| Cause::new("parameter", when, error)));
    }
    if endpoint.method != "GET" {
        let when = if signature.input.body.is_some() {
            "The body is not valid JSON, or was not received in time."
        } else {
            "The request has a body, which is ignored, and it was not received in time."
        };
        causes.push(Cause::new("json_invalid", when, ApiError::BodyTooSlow));
        let error = ApiError::PayloadTooLarge { limit_bytes: BODY_LIMIT };
        causes.push(Cause::new("body", "The body is larger than 64 KiB.", error));
    }
    causes
}

/// Returns the default number of requests per minute from one IP address, and the option that
/// configures it.
pub(super) fn limit(limit: Limit) -> (u32, &'static str) {
    let option = match limit {
        Limit::Register => "rate_limits_register_per_minute",
        Limit::Login => "rate_limits_login_per_minute",
        // Only endpoints' own limits are documented here, and no endpoint has these.
        Limit::LoginFailures | Limit::LoginReserve | Limit::RecognizedHashes => {
            "rate_limits_login_failures_per_minute"
        }
        Limit::Refresh => "rate_limits_refresh_per_minute",
        Limit::Mail => "rate_limits_mail_per_minute",
        Limit::PasswordCheck => "rate_limits_password_check_per_minute",
        Limit::Other => "rate_limits_default_per_minute",
    };
    (Quotas::default().per_minute(limit), option)
}

fn requests(of: Limit) -> Cause {
    let (a_minute, option) = limit(of);
    let together = match of {
        Limit::Mail => ", counted together with the other endpoints that send email",
        Limit::Other => ", counted together with all endpoints without a limit of their own",
        Limit::Register
        | Limit::Login
        | Limit::LoginFailures
        | Limit::LoginReserve
        | Limit::RecognizedHashes
        | Limit::Refresh
        | Limit::PasswordCheck => "",
    };
    let when = format!(
        "More than {a_minute} requests per minute (`{option}`) came from one IP address{together}."
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
            .header("WWW-Authenticate", text_header("How to authenticate (RFC 6750, section 3).")),
        429 | 503 => response
            .header("Retry-After", seconds("The number of seconds to wait before retrying.")),
        _ => response,
    };
    with_request_id(response)
}

pub(super) fn with_request_id(response: ResponseBuilder) -> Response {
    let reference = Ref::new("#/components/headers/X-Request-Id");
    response.header_ref("X-Request-Id", reference).build()
}

pub(super) fn request_id() -> Header {
    text_header(
        "The ID of the request, which is also in the server's log: the request's own if well-formed, else generated.",
    )
}

fn seconds(description: &str) -> Header {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    HeaderBuilder::new().schema(Some(number)).description(Some(description)).build()
}
