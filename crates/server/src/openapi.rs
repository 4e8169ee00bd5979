//! The OpenAPI document of the API, made of the route table and the types that handlers take and answer.

mod gaps;
mod operation;
mod responses;
mod service;
mod signature;

pub(crate) use operation::{Operation, Refusal, Tag};
pub(crate) use responses::header as text_header;
use signature::BodyDoc;
pub(crate) use signature::{Answer, InputDoc, Signature, Success, signature};

use serde_json::json;
use utoipa::openapi::{
    ComponentsBuilder, ContactBuilder, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi,
    OpenApiBuilder, Paths, SecurityRequirement, ServerBuilder,
    extensions::ExtensionsBuilder,
    path::OperationBuilder,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    tag::TagBuilder,
};

use crate::{
    error::{ErrorResponse, ValidationResponse, catalog},
    routes::{Access, ENDPOINTS, Endpoint},
};
use signature::Schemas;

/// The security scheme of access tokens.
const BEARER: &str = "bearer";

const DESCRIPTION: &str = "\
Accounts, sign-in, sessions and organizations.

Requests and responses are JSON in UTF-8. Success is always 200; an endpoint that has nothing to say answers \
`null`. Keys without a value are there, as `null`. Ids are UUIDs, times are RFC 3339 in UTC.

**Signing in.** `POST /v1/auth/register` and `POST /v1/auth/login` answer an access token and a refresh token. \
Send the access token as `Authorization: Bearer …`. When it has expired, which `expires_in` tells in seconds, \
exchange the refresh token for a new pair: `POST /v1/auth/refresh`. Each refresh token is used once.

**Errors** have two shapes. What is wrong with the fields of a request is 422 with `{\"detail\": […]}`, all of it at \
once, in the words of pydantic v2; secrets are never shown again. Everything else is an envelope with a code, a \
message, details, a time and the status. Checks come in this order: size of the body (413), origin (403), limit (429), \
authentication (401), validation (422), permission (403). A body is JSON only if its `Content-Type` says so. Any path may also answer 404 and 405.

**Every answer** has `X-Request-Id`: the request's own, if it sent a sane one. The log has it, too. Only what is no \
HTTP request, or has a head that is too large, gets a bare 400 or 431.

**Limits** count requests a minute from one address (an IPv6 network of 64 bits counts as one). Their figures, \
and those of lifetimes, are the defaults: whoever runs the server may have chosen others. Unknown fields are \
ignored. A body has at most 64 KiB.";

/// The document as utoipa's types can say it, of a server whose public URL has this path.
fn document(base: &str) -> OpenApi {
    let mut schemas = Schemas::default();
    schemas.add::<ErrorResponse>();
    schemas.add::<ValidationResponse<'_>>();
    let mut paths = Paths::new();
    for endpoint in ENDPOINTS {
        let operation = describe(endpoint, &mut schemas);
        paths.add_path_operation(endpoint.path, vec![http_method(endpoint)], operation);
    }
    service::add(&mut paths, &mut schemas);

    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    let scheme = scheme.description(Some("The access token (RFC 6750)."));
    let errors = json!({
        "kinds": catalog::KINDS,
        "reasons": catalog::REASONS,
        "permissions": catalog::PERMISSIONS,
        "types": catalog::ISSUE_TYPES,
    });
    let components = ComponentsBuilder::new()
        .extensions(Some(ExtensionsBuilder::new().add("x-errors", errors).build()))
        .schemas_from_iter(schemas.into_iter())
        .header("X-Request-Id", responses::request_id())
        .security_scheme(BEARER, SecurityScheme::Http(scheme.build()));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Doorward")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(DESCRIPTION))
                .contact(Some(
                    ContactBuilder::new()
                        .name(Some("Doorward"))
                        .url(Some(env!("CARGO_PKG_REPOSITORY")))
                        .build(),
                ))
                .license(Some(
                    LicenseBuilder::new()
                        .name("MIT OR Apache-2.0")
                        .identifier(Some("MIT OR Apache-2.0"))
                        .build(),
                )),
        )
        .servers(Some([ServerBuilder::new().url(if base.is_empty() { "/" } else { base }).build()]))
        .tags(Some(Tag::ALL.map(|tag| {
            TagBuilder::new().name(tag.name()).description(Some(tag.description())).build()
        })))
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

/// Returns the document as it is committed.
///
/// # Errors
/// It can't be written as JSON.
pub fn json() -> Result<String, serde_json::Error> {
    json_below("")
}

/// Returns the document as a server serves it whose public URL has a path, such as `/auth`: without it,
/// whoever follows the document calls other applications of the host.
///
/// # Errors
/// It can't be written as JSON.
pub fn json_below(base: &str) -> Result<String, serde_json::Error> {
    let mut document = serde_json::to_value(document(base))?;
    gaps::fill(&mut document);
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn describe(endpoint: &Endpoint, schemas: &mut Schemas) -> utoipa::openapi::path::Operation {
    let signature = (endpoint.signature)();
    let about = endpoint.operation;
    let operation = OperationBuilder::new()
        .operation_id(Some(about.id))
        .tag(about.tag.name())
        .summary(Some(about.summary))
        .description(Some(about.description))
        .responses(responses::of(endpoint, &signature))
        .extensions(Some(ExtensionsBuilder::new().add("x-limit", x_limit(endpoint)).build()));
    let operation = match signature.access {
        Access::Anybody => operation.securities(Some(Vec::<SecurityRequirement>::new())),
        Access::Bearer => operation.security(SecurityRequirement::new(BEARER, [""; 0])),
    };
    let input = &signature.input;
    let operation = input.parameters.iter().cloned().fold(operation, OperationBuilder::parameter);
    let operation = operation.request_body(input.body.as_ref().map(BodyDoc::request_body));
    schemas.extend(signature);
    operation.build()
}

/// How often it may be called, for programs.
fn x_limit(endpoint: &Endpoint) -> serde_json::Value {
    let (a_minute, option) = responses::limit(endpoint.limit);
    json!({ "requests_per_minute": a_minute, "option": option })
}

fn http_method(endpoint: &Endpoint) -> HttpMethod {
    match endpoint.method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
