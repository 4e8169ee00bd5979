//! The endpoints outside the v1 API: for operators, and for services that verify tokens.

use serde_json::{Value, json};
use utoipa::{
    ToSchema,
    openapi::{
        Content, ContentBuilder, HttpMethod, Paths, Ref, ResponseBuilder, SecurityRequirement,
        path::OperationBuilder,
    },
};

use super::responses;
use crate::{
    http::describe::{Schemas, Tag},
    observability::health::HealthResponse,
};

pub(super) fn add(paths: &mut Paths, schemas: &mut Schemas) {
    schemas.add::<HealthResponse>();
    let keys = operation("get_jwks", "Get the public keys of access tokens")
        .description(Some(
            "A JWK Set (RFC 7517), for services that verify access tokens themselves. It can be cached for five minutes, \
             because each key is published before it is used to sign.",
        ))
        .response("200", response("The public keys.", jwks(schemas)));
    let lives = operation("get_liveness", "Liveness probe")
        .description(Some(
            "Does not check the database, because a restart can't fix an unavailable database.",
        ))
        .response("200", response("The process is running.", health(json!({ "status": "ok" }))));
    let not_ready = json!({ "status": "not ready", "reason": "the database is unavailable" });
    let ready = operation("get_readiness", "Readiness probe")
        .description(Some(
            "For load balancers and orchestrators. One statement checks that the database is reachable and accepts writes, \
             that its schema matches this version, and that the server has the privileges that it needs; with SQLite, that \
             the file is writable. The server is also not ready while it is stopping, or if it has no key to sign access \
             tokens with. The mail server and Redis are not checked, because requests are served without them.",
        ))
        .response("200", response("The server can serve requests.", health(json!({ "status": "ready" }))))
        .response("503", response(NOT_READY, health(not_ready)));
    for (path, operation) in
        [("/.well-known/jwks.json", keys), ("/healthz", lives), ("/readyz", ready)]
    {
        paths.add_path_operation(path, vec![HttpMethod::Get], operation.build());
    }
}

const NOT_READY: &str = "The server can't serve requests at the moment. `reason` is one of: `the database is \
     unavailable`, `the database can't be written to`, `the schema of the database is missing or too old`, `the database \
     does not grant the privileges that the server needs`, `there is no key to sign with`, `the server is stopping`. The \
     server's log has the details. The server becomes ready again without a restart once the cause is fixed; \
     `Retry-After` gives the number of seconds to wait before checking again.";

fn operation(id: &str, summary: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(id))
        .tag(Tag::Service.name())
        .summary(Some(summary))
        .securities(Some(Vec::<SecurityRequirement>::new()))
}

fn response(description: &str, content: Content) -> utoipa::openapi::Response {
    let response = ResponseBuilder::new().description(description);
    responses::with_request_id(response.content("application/json", content))
}

fn health(example: Value) -> Content {
    let schema = Ref::from_schema_name("HealthResponse");
    ContentBuilder::new().schema(Some(schema)).example(Some(example)).build()
}

/// A JSON Web Key Set (RFC 7517, section 5).
#[derive(ToSchema)]
#[expect(dead_code, reason = "only used for its schema")]
struct JwkSet {
    /// The public keys of access tokens, identified by `kid`, in no particular order.
    keys: Vec<Jwk>,
}

/// A public key (RFC 7517, section 4; RFC 8037, section 2).
#[derive(ToSchema)]
#[expect(dead_code, reason = "only used for its schema")]
struct Jwk {
    /// The key type.
    kty: String,
    /// The curve.
    crv: String,
    /// The public key, or its x coordinate.
    x: String,
    /// The y coordinate of the public key, if the key type has one.
    #[schema(nullable = false)]
    y: Option<String>,
    /// Always `sig`.
    r#use: String,
    /// The signature algorithm of the tokens.
    alg: String,
    /// The key ID: the thumbprint of the key (RFC 7638).
    kid: String,
}

fn jwks(schemas: &mut Schemas) -> Content {
    let example = json!({ "keys": [{
        "crv": "Ed25519", "kty": "OKP", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "use": "sig", "alg": "EdDSA", "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    }] });
    let schema = schemas.add::<JwkSet>();
    ContentBuilder::new().schema(Some(schema)).example(Some(example)).build()
}
