//! Access tokens that are forged or have unexpected claims.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use doorward_adapters::{
    secret::{MasterKey, Secrets},
    tokens::{EncryptedKeyFactory, SigningAlgorithm},
};
use doorward_domain::{
    mock::SeededRandomness,
    ports::{Randomness, SigningKeyFactory},
};
use doorward_server::config::Options;
use jsonwebtoken::{Algorithm, EncodingKey, crypto::sign, dangerous::insecure_decode};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::support::{Backend, Person, TestApp, on_both};

const SECRET: &str = "a secret that this test knows, too";
/// The PKCS #8 encoding of an Ed25519 key, up to its seed (RFC 8410, section 7).
const PKCS8: [u8; 16] = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

fn secrets() -> Arc<Secrets> {
    let current = MasterKey::new(SECRET).unwrap();
    Arc::new(Secrets { current, previous: Vec::new() })
}

/// A generator that returns only the byte 7.
struct Sevens;

impl Randomness for Sevens {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

fn ed25519(seed: &[u8; 32]) -> EncodingKey {
    EncodingKey::from_ed_der(&[&PKCS8[..], seed].concat())
}

fn encode(part: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part)
}

/// Signs a token of these parts.
fn token(header: &str, claims: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let signature = sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

/// A server whose private signing key the test knows.
struct Known {
    app: TestApp,
    ann: Person,
    key: EncodingKey,
    kid: String,
    public: Vec<u8>,
    claims: Value,
}

impl Known {
    async fn start(backend: Backend) -> Self {
        let options = Options { master_key: Some(SECRET.parse().unwrap()), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let randomness = Arc::new(SeededRandomness::default());
        let factory = EncryptedKeyFactory::new(secrets(), SigningAlgorithm::EdDsa, randomness);
        let now = app.state.ports.clock.now();
        let next = factory.generate(now, now).unwrap();
        let mut repositories = app.state.ports.storage.connect().await.unwrap();
        let newest = repositories.signing_keys().list().await.unwrap().remove(0).kid;
        assert!(repositories.signing_keys().insert_next(&newest, &next).await.unwrap());
        drop(repositories);
        app.state.reload_keys().await.unwrap();
        let ann = app.register("ann").await;
        let mut seed = [0; 32];
        SeededRandomness::default().fill(&mut seed);
        let claims = insecure_decode::<Value>(&ann.access).unwrap().claims;
        let (kid, public) = (next.kid, next.public_key);
        Self { app, ann, key: ed25519(&seed), kid, public, claims }
    }

    fn header(&self) -> Value {
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": self.kid })
    }

    fn signed(&self, header: &Value, claims: &str) -> String {
        token(&header.to_string(), claims, &self.key, Algorithm::EdDSA)
    }

    fn with(&self, claim: &str, value: &str) -> String {
        let mut claims = self.claims.clone();
        claims[claim] = json!("\u{1}");
        self.signed(&self.header(), &claims.to_string().replace(r#""\u0001""#, value))
    }

    async fn refuses(&self, token: &str) {
        let answer = self.app.me(token).await;
        answer.error(401, "AUTHENTICATION_FAILED");
    }
}

on_both! {
    async fn token_with_missing_or_mistyped_claims_is_refused(backend) {
        let known = Known::start(backend).await;
        // The token that the others are derived from is valid.
        known.app.me(&known.signed(&known.header(), &known.claims.to_string())).await.ok();
        let now = known.app.state.ports.clock.now();
        let at = |seconds: i64| (now + time::Duration::seconds(seconds)).unix_timestamp().to_string();

        let long_ago = OffsetDateTime::UNIX_EPOCH.unix_timestamp().to_string();
        let no_times =
            ["null", "true", "\"soon\"", "\"4102444800\"", "[]", "{}", "4102444800.5", "1e400", "-1e400"];
        for value in no_times {
            for claim in ["exp", "nbf"] {
                known.refuses(&known.with(claim, value)).await;
            }
        }
        for (claim, value) in [
            ("exp", at(-30)), ("exp", at(-31)), ("exp", long_ago), ("exp", i64::MIN.to_string()),
            ("exp", "9223372036854775808".to_owned()), ("exp", "-1".to_owned()),
            ("nbf", at(31)), ("nbf", i64::MAX.to_string()),
            ("iss", "\"https://elsewhere.example\"".to_owned()), ("iss", "null".to_owned()),
            ("iss", "\"http://127.0.0.1:8080/\"".to_owned()), ("iss", "[\"http://127.0.0.1:8080\"]".to_owned()),
            ("aud", "\"elsewhere\"".to_owned()), ("aud", "null".to_owned()), ("aud", "[]".to_owned()),
            ("aud", "[\"elsewhere\"]".to_owned()), ("aud", "\"\"".to_owned()), ("aud", "\"Doorward\"".to_owned()),
            ("sub", "\"ann\"".to_owned()), ("sub", "null".to_owned()), ("sub", "1".to_owned()),
            ("sub", format!("\"{}\"", uuid::Uuid::from_u128(7))),
            ("sid", "null".to_owned()), ("sid", format!("\"{}\"", uuid::Uuid::from_u128(7))),
            ("org_id", "\"x\"".to_owned()), ("org_id", "7".to_owned()),
            ("org_id", format!("\"{}\"", uuid::Uuid::from_u128(7))),
        ] {
            known.refuses(&known.with(claim, &value)).await;
        }
        for claim in ["exp", "nbf", "iss", "aud", "sub", "sid"] {
            let mut claims = known.claims.clone();
            claims.as_object_mut().unwrap().remove(claim);
            known.refuses(&known.signed(&known.header(), &claims.to_string())).await;
        }
        for claims in ["", "{}", "[]", "null", "7", "\"x\"", "{", "{}{}"] {
            known.refuses(&known.signed(&known.header(), claims)).await;
        }
    }

    async fn role_claim_grants_no_permission(backend) {
        let known = Known::start(backend).await;
        let forged = known.with("roles", "[\"platform_admin\",\"owner\"]");
        assert_eq!(known.app.me(&forged).await.ok()["roles"], json!(["owner"]));
    }

    async fn token_with_another_typ_is_refused(backend) {
        let known = Known::start(backend).await;
        let claims = known.claims.to_string();
        for typ in ["JWT", "jwt", "id+jwt", "rt+jwt", "AT+JWT ", "", "at+jwt\u{0}"] {
            let mut header = known.header();
            header["typ"] = json!(typ);
            known.refuses(&known.signed(&header, &claims)).await;
        }
        let mut header = known.header();
        header.as_object_mut().unwrap().remove("typ");
        known.refuses(&known.signed(&header, &claims)).await;
    }

    async fn algorithm_is_the_keys_regardless_of_the_token_header(backend) {
        let known = Known::start(backend).await;
        let claims = known.claims.to_string();
        let own = &known.ann.access;
        let signature = own.rsplit('.').next().unwrap();
        for algorithm in ["none", "None", "NONE", "nOnE", "", "EDDSA", "RS256", "PS256", "ES256", "ES384"] {
            let mut header = known.header();
            header["alg"] = json!(algorithm);
            let message = format!("{}.{}", encode(&header.to_string()), encode(&claims));
            for signature in ["", signature, "AAAA"] {
                known.refuses(&format!("{message}.{signature}")).await;
            }
            known.refuses(&message).await;
        }
        // The public key as an HMAC secret, in all encodings in which it is published.
        let x = BASE64_URL_SAFE_NO_PAD.encode(&known.public);
        let der = [&[48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0][..], &known.public].concat();
        let base64 = base64::prelude::BASE64_STANDARD.encode(&der);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n");
        let jwk = json!({ "crv": "Ed25519", "kty": "OKP", "x": x }).to_string();
        let key_sets = known.app.get("/.well-known/jwks.json").send().await.ok().to_string();
        for secret in [
            known.public.as_slice(), x.as_bytes(), &der, pem.as_bytes(), pem.trim().as_bytes(),
            jwk.as_bytes(), key_sets.as_bytes(), known.kid.as_bytes(), b"",
        ] {
            for (name, algorithm) in
                [("HS256", Algorithm::HS256), ("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)]
            {
                let mut header = known.header();
                header["alg"] = json!(name);
                let key = EncodingKey::from_secret(secret);
                known.refuses(&token(&header.to_string(), &claims, &key, algorithm)).await;
                // With the server's own header as well.
                let header = known.header().to_string();
                known.refuses(&token(&header, &claims, &key, algorithm)).await;
            }
        }
    }

    async fn key_in_a_token_header_is_not_used(backend) {
        let known = Known::start(backend).await;
        let claims = known.claims.to_string();
        let theirs = ed25519(&[7; 32]);
        let factory = EncryptedKeyFactory::new(secrets(), SigningAlgorithm::EdDsa, Arc::new(Sevens));
        let now = known.app.state.ports.clock.now();
        let public = BASE64_URL_SAFE_NO_PAD.encode(factory.generate(now, now).unwrap().public_key);
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": public, "kid": known.kid });
        let set = "https://evil.example/jwks.json";
        for (name, value) in [
            ("jwk", jwk), ("jku", json!(set)), ("x5u", json!(set)), ("x5c", json!(["MIIB"])),
            ("x5t", json!("AAAA")), ("url", json!(set)), ("iss", json!("https://evil.example")),
        ] {
            let mut header = known.header();
            header[name] = value;
            known.refuses(&token(&header.to_string(), &claims, &theirs, Algorithm::EdDSA)).await;
        }
        let long = "k".repeat(1500);
        for kid in [
            "", "x", "../../../../dev/null", "/dev/null", "' OR '1'='1", "%00", "\u{0}", "*", "null",
            "https://evil.example/key", &long,
        ] {
            let mut header = known.header();
            header["kid"] = json!(kid);
            known.refuses(&known.signed(&header, &claims)).await;
            known.refuses(&token(&header.to_string(), &claims, &theirs, Algorithm::EdDSA)).await;
        }
        for kid in [json!(null), json!(7), json!([known.kid]), json!({})] {
            let mut header = known.header();
            header["kid"] = kid;
            known.refuses(&known.signed(&header, &claims)).await;
        }
    }

    async fn every_changed_character_of_a_token_is_detected(backend) {
        let app = TestApp::start(backend).await;
        let access = app.register("ann").await.access;
        app.statements.take();
        for at in 0..access.len() {
            let other = if access.as_bytes()[at] == b'A' { "B" } else { "A" };
            let mut changed = access.clone();
            changed.replace_range(at..=at, other);
            app.me(&changed).await.error(401, "AUTHENTICATION_FAILED");
        }
        for at in (0..access.len()).step_by(9) {
            app.me(&access[..at]).await.error(401, "AUTHENTICATION_FAILED");
        }
        for ending in ["A", "=", ".", ".x", "~"] {
            app.me(&format!("{access}{ending}")).await.error(401, "AUTHENTICATION_FAILED");
        }
        assert!(app.statements.take().is_empty(), "a query was sent");
        app.me(&access).await.ok();
    }

    async fn malformed_token_is_refused_without_a_query(backend) {
        let app = TestApp::start(backend).await;
        let access = app.register("ann").await.access;
        app.statements.take();
        let [header, claims, signature] = access.splitn(3, '.').collect::<Vec<_>>().try_into().unwrap();
        let json = json!({ "protected": header, "payload": claims, "signature": signature });
        for token in [
            ".".repeat(100_000), "..".to_owned(), ".".to_owned(), format!("{access}."),
            format!("{header}.{claims}"), format!("{header}..{signature}"),
            format!("{header}.{claims}.{signature}.{signature}.{signature}"), json.to_string(),
            "a".repeat(100_000), format!("{header}.{}.{signature}", "A".repeat(60_000)),
        ] {
            let answer = app.me(&token).await;
            answer.error(401, "AUTHENTICATION_FAILED");
        }
        for token in ["x".repeat(60_000), ".".repeat(60_000), format!("dwr_{}", "A".repeat(60_000))] {
            app.refresh(&token).await.error(401, "AUTHENTICATION_FAILED");
        }
        app.refresh(&"x".repeat(1024 * 1024)).await.error(413, "PAYLOAD_TOO_LARGE");
        assert!(app.statements.take().is_empty(), "a query was sent");
    }
}
