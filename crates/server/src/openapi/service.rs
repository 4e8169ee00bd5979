//! The endpoints that are not of the v1 API: for operators, and for services that verify tokens.

use serde_json::{Value, json};
use utoipa::{
    ToSchema,
    openapi::{
        Content, ContentBuilder, HttpMethod, Paths, Ref, ResponseBuilder, SecurityRequirement,
        path::OperationBuilder,
    },
};

use super::{Tag, responses, signature::Schemas};
use crate::health::HealthResponse;

pub(super) fn add(paths: &mut Paths, schemas: &mut Schemas) {
    schemas.add::<HealthResponse>();
    let keys = operation("get_jwks", "Read the keys that access tokens are signed with")
        .description(Some(
            "A JWK Set (RFC 7517), for services that verify access tokens by themselves. It may be kept for five minutes: \
             a key is published before it signs.",
        ))
        .response("200", answer("The public keys.", jwks(schemas)));
    let lives = operation("get_liveness", "Ask whether the process lives")
        .description(Some("Says nothing of the database, whose absence no restart mends."))
        .response("200", answer("It lives.", health(json!({ "status": "ok" }))));
    let not_ready = json!({ "status": "not ready", "reason": "the database is away" });
    let ready = operation("get_readiness", "Ask whether requests can be served")
        .description(Some(
            "For load balancers and orchestrators. One statement checks that the database can be reached, that it accepts \
             writes, that its schema is that of this version, and that the server has the privileges that it needs; with \
             SQLite, that the file can be written to. A server that has no key to sign access tokens with, or that is \
             stopping, is not ready either. Mail and Redis are not checked: requests are served without them.",
        ))
        .response("200", answer("Requests can be served.", health(json!({ "status": "ready" }))))
        .response("503", answer(NOT_READY, health(not_ready)));
    for (path, operation) in
        [("/.well-known/jwks.json", keys), ("/healthz", lives), ("/readyz", ready)]
    {
        paths.add_path_operation(path, vec![HttpMethod::Get], operation.build());
    }
}

const NOT_READY: &str = "Requests can't be served for now. `reason` is one of: `the database is away`, `the database can't \
     be written to`, `the schema of the database is missing or too old`, `the database does not grant what the server \
     needs`, `there is no key to sign with`, `the server is stopping`. The log has the details. Readiness returns without a restart once the cause is \
     fixed; `Retry-After` says when to ask again.";

fn operation(id: &str, summary: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(id))
        .tag(Tag::Service.name())
        .summary(Some(summary))
        .securities(Some(Vec::<SecurityRequirement>::new()))
}

fn answer(description: &str, content: Content) -> utoipa::openapi::Response {
    let response = ResponseBuilder::new().description(description);
    responses::with_request_id(response.content("application/json", content))
}

fn health(example: Value) -> Content {
    let schema = Ref::from_schema_name("HealthResponse");
    ContentBuilder::new().schema(Some(schema)).example(Some(example)).build()
}

/// A JSON Web Key Set (RFC 7517, section 5).
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is there for its schema")]
struct JwkSet {
    /// The keys that tokens may be signed with: by `kid`, in no order.
    keys: Vec<Jwk>,
}

/// A public key (RFC 7517, section 4; RFC 8037, section 2).
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is there for its schema")]
struct Jwk {
    /// The type of key.
    kty: String,
    /// The curve.
    crv: String,
    /// The public key, or the first half of it.
    x: String,
    /// The second half, where there is one.
    #[schema(nullable = false)]
    y: Option<String>,
    /// Always `sig`.
    r#use: String,
    /// The algorithm of the tokens.
    alg: String,
    /// The key's id: its thumbprint (RFC 7638).
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
