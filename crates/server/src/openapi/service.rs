//! The endpoints that are not of the v1 API: for operators, and for services that verify tokens.

use serde_json::{Value, json};
use utoipa::openapi::{
    Content, ContentBuilder, HttpMethod, ObjectBuilder, Paths, Ref, ResponseBuilder,
    SecurityRequirement, path::OperationBuilder, schema::Type,
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
        .response("200", answer("The public keys.", jwks()));
    let lives = operation("get_liveness", "Ask whether the process lives")
        .description(Some("Says nothing of the database, whose absence no restart mends."))
        .response("200", answer("It lives.", health(json!({ "status": "ok" }))));
    let not_ready = json!({ "status": "not ready", "reason": "the database is away" });
    let ready = operation("get_readiness", "Ask whether requests can be served")
        .description(Some("The database answers, and the server is not about to stop."))
        .response("200", answer("Requests can be served.", health(json!({ "status": "ready" }))))
        .response("503", answer("They can't.", health(not_ready)));
    for (path, operation) in
        [("/.well-known/jwks.json", keys), ("/healthz", lives), ("/readyz", ready)]
    {
        paths.add_path_operation(path, vec![HttpMethod::Get], operation.build());
    }
}

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

fn jwks() -> Content {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let object = || ObjectBuilder::new().schema_type(Type::Object);
    let key = ["kty", "crv", "x", "kid", "alg", "use"]
        .into_iter()
        .fold(object(), |key, name| key.property(name, text()).required(name));
    let keys = object().property("keys", key.to_array_builder()).required("keys");
    let example = json!({ "keys": [{
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "kid": "01", "alg": "EdDSA", "use": "sig",
    }] });
    ContentBuilder::new().schema(Some(keys)).example(Some(example)).build()
}
