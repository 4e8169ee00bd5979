//! Request IDs, verification of access tokens by other services, and origins.

use doorward_server::config::Options;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{PASSWORD, TestApp, on_both};

on_both! {
    async fn valid_request_id_is_kept_and_an_invalid_one_replaced(backend) {
        let app = TestApp::start(backend).await;
        let id = |sent: &'static str| app.get("/v1/auth/config").header("x-request-id", sent).send();
        assert_eq!(id("abc-123").await.header("x-request-id"), "abc-123");
        for bad in ["a b", "a\"b", "<x>"] {
            assert_ne!(id(bad).await.header("x-request-id"), bad);
        }
        let made = app.get("/nowhere").send().await;
        assert_eq!(made.header("x-request-id").len(), 36);
    }

    async fn other_services_verify_access_tokens_with_the_published_keys(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let keys = app.get("/.well-known/jwks.json").send().await;
        assert_eq!(keys.header("cache-control"), "public, max-age=300");
        let keys = keys.ok();
        let members: Vec<_> = keys["keys"][0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["crv", "kty", "x", "use", "alg", "kid"], "the key set has other members");

        let header = decode_header(&ann.access).unwrap();
        assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::EdDSA, Some("at+jwt")));
        let keys: JwkSet = serde_json::from_value(keys).unwrap();
        let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&["doorward"]);
        validation.set_issuer(&["http://127.0.0.1:8080"]);
        validation.validate_exp = false; // The test's frozen clock is in the past.
        let claims = decode::<Value>(&ann.access, &key, &validation).unwrap().claims;
        assert_eq!(claims["sub"], ann.id.to_string());
        assert_eq!(claims["org_id"], ann.workspace);
        assert_eq!(claims["roles"], json!(["owner"]));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
        for claim in ["jti", "sid", "nbf", "client_id"] {
            assert!(!claims[claim].is_null(), "{claim}");
        }
        for private in ["email", "username", "name"] {
            assert!(claims[private].is_null(), "{private}");
        }
    }

    async fn access_token_expires_after_its_lifetime_and_leeway(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.advance(time::Duration::seconds(929));
        app.me(&ann.access).await.ok();
        app.advance(time::Duration::SECOND);
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn only_configured_origins_may_call_from_a_browser(backend) {
        let origin = "https://app.example.com";
        let options =
            Options { cors_origins: Some(origin.parse().unwrap()), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let allowed = app.get("/v1/auth/config").header("origin", origin).send().await;
        assert_eq!(allowed.header("access-control-allow-origin"), origin);
        assert!(allowed.headers.get("access-control-allow-credentials").is_none());
        for foreign in ["https://evil.example", "null"] {
            let answer = app.get("/v1/auth/config").header("origin", foreign).send().await;
            assert!(answer.headers.get("access-control-allow-origin").is_none(), "{foreign}");
        }
        let refused = app.call(reqwest::Method::OPTIONS, "/v1/auth/login")
            .header("origin", "https://evil.example")
            .header("access-control-request-method", "POST")
            .send().await;
        assert_eq!(refused.error(403, "FORBIDDEN")["required_permission"], "cors:origin");
        assert!(refused.headers.get("access-control-allow-origin").is_none());
    }

    async fn incomplete_body_times_out(backend) {
        let soon = std::time::Duration::from_millis(50);
        let options = Options::default();
        let app = TestApp::start_tuned(backend, options, |config| config.timeouts.body = soon).await;
        let address = app.url("").replace("http://", "");
        let mut client = TcpStream::connect(address).await.unwrap();
        let head = "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\n{";
        client.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("json_invalid"), "{answer}");
    }

    async fn secret_input_is_never_in_an_error(backend) {
        let app = TestApp::start(backend).await;
        let body = json!({ "email": 7, "username": "x", "password": [PASSWORD] });
        let answer = app.post("/v1/auth/register").json(&body).send().await;
        assert_eq!(answer.issue("password"), "string_type");
        assert!(!answer.body.to_string().contains(PASSWORD), "{}", answer.body);
        let text = app.post("/v1/auth/login").body("text/plain", PASSWORD).send().await;
        assert!(!text.body.to_string().contains(PASSWORD), "{}", text.body);
    }
}
