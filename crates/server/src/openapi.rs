//! The OpenAPI document of the API, generated from the route table and the input and response types of the handlers.

pub(crate) mod docs;
mod postprocess;
mod responses;
mod service;

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
    http::{
        access::Access,
        describe::{BodyDoc, Schemas, Tag},
        error::{ErrorResponse, ValidationResponse, catalog},
    },
    routes::{ENDPOINTS, Endpoint},
};

/// The security scheme of access tokens.
const BEARER: &str = "bearer";

const DESCRIPTION: &str = "\
Accounts, sign-in, sessions, and organizations.

Requests and responses are JSON in UTF-8. Success is always 200; an endpoint with nothing to return responds with \
`null`. Success responses never omit a key; absent values are `null`. IDs are UUIDs. Times are RFC 3339 in UTC.

**Signing in.** `POST /v1/auth/register` and `POST /v1/auth/login` return an access token and a refresh token. \
Send the access token as `Authorization: Bearer …`. It expires after `expires_in` seconds; then exchange the refresh \
token for a new pair with `POST /v1/auth/refresh`. Each refresh token can be used once.

**Errors** have two shapes. Invalid fields return 422 with `{\"detail\": […]}`, which lists every problem at once, in \
the format of pydantic v2; secrets are never echoed. Every other error is an envelope with a code, a message, details, \
a time, and the status. Requests are checked in this order: body size (413), origin (403), rate limit (429), \
authentication (401), validation (422), permission (403). A body counts as JSON only if its `Content-Type` is JSON. \
Any path can also return 404 and 405.

**Every response** has an `X-Request-Id`, which is also in the server's log. A well-formed `X-Request-Id` of the \
request is echoed; otherwise the server generates one. Only malformed HTTP, or a request with too large a head, gets a \
bare 400 or 431, without a body or an `X-Request-Id`.

**Limits** count requests per minute from one IP address (an IPv6 /64 network counts as one address). The limits and \
lifetimes in this document are the defaults; the operator may have configured others. Unknown fields are ignored. A \
body has at most 64 KiB.";

/// Returns the document as far as utoipa's types can express it, for a server whose public URL has the path `base`.
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

/// Returns the document as committed in `docs/reference/openapi.json`.
///
/// # Errors
/// Returns an error if the document can't be serialized as JSON.
pub fn json() -> Result<String, serde_json::Error> {
    json_below("")
}

/// Returns the document for a server whose public URL has the path `base`, such as `/auth`. Without the path, clients
/// of the document would call other applications of the host.
///
/// # Errors
/// Returns an error if the document can't be serialized as JSON.
pub fn json_below(base: &str) -> Result<String, serde_json::Error> {
    let mut document = serde_json::to_value(document(base))?;
    postprocess::fill(&mut document);
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

/// Returns the rate limit of the endpoint, machine-readable.
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
