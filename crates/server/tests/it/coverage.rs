//! Rules for every endpoint of the route table.

use doorward_server::{
    http::access::Access,
    routes::{ENDPOINTS, Endpoint},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, on_both};

async fn send(app: &TestApp, endpoint: &Endpoint, token: Option<&str>, body: &str) -> Answer {
    let method: Method = endpoint.method.as_str().parse().unwrap();
    let mut call = app.call(method, endpoint.path);
    if let Some(token) = token {
        call = call.bearer(token);
    }
    if endpoint.method != Method::GET.as_str() {
        call = call.body("application/json", body.to_owned());
    }
    call.send().await
}

#[track_caller]
fn assert_envelope(answer: &Answer) {
    let keys: Vec<_> = answer.body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["error", "message", "details", "timestamp", "status_code"]);
    assert_eq!(answer.text("timestamp"), "2026-01-01T12:00:00.000000");
}

#[test]
fn every_published_endpoint_is_served() {
    let published = [
        "GET /v1/auth/config",
        "GET /v1/auth/invite-info",
        "GET /v1/auth/me",
        "GET /v1/auth/me/profile",
        "POST /v1/auth/forgot-password",
        "POST /v1/auth/login",
        "POST /v1/auth/logout",
        "POST /v1/auth/refresh",
        "POST /v1/auth/register",
        "POST /v1/auth/resend-verification",
        "POST /v1/auth/reset-password",
        "POST /v1/auth/switch-org",
        "POST /v1/auth/verify-email",
        "PUT /v1/auth/me/password",
        "PUT /v1/auth/me/profile",
    ];
    let served: Vec<_> = ENDPOINTS.iter().map(|it| format!("{} {}", it.method, it.path)).collect();
    for endpoint in published {
        assert!(served.iter().any(|it| it == endpoint), "{endpoint}");
    }
}

on_both! {
    async fn bearer_token_is_required_exactly_where_the_route_table_says(backend) {
        let app = TestApp::start(backend).await;
        for endpoint in ENDPOINTS {
            let answer = send(&app, endpoint, None, "{}").await;
            match endpoint.access {
                Access::Bearer => {
                    answer.error(401, "AUTHENTICATION_FAILED");
                    assert_envelope(&answer);
                    assert_eq!(answer.header("www-authenticate"), "Bearer");
                }
                Access::Anybody => assert_ne!(answer.status, 401, "{}", endpoint.path),
            }
        }
    }

    async fn malformed_authorization_is_refused_on_every_endpoint(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let half = format!("Bearer {}", &ann.access[..ann.access.len() / 2]);
        let refresh = format!("Bearer {}", ann.refresh);
        let twice = format!("Bearer {} {}", ann.access, ann.access);
        let dots = format!("Bearer {}", ".".repeat(3000));
        let basic = format!("Basic {}", ann.access);
        for header in ["Bearer", "Bearer ", &half, &refresh, &twice, &dots, &basic, &ann.access] {
            for endpoint in ENDPOINTS.iter().filter(|it| it.access == Access::Bearer) {
                let method: Method = endpoint.method.as_str().parse().unwrap();
                let call = app.call(method, endpoint.path).header("authorization", header);
                call.send().await.error(401, "AUTHENTICATION_FAILED");
            }
        }
        let call = app.get("/v1/auth/me").header("authorization", &format!("bEARER {}", ann.access));
        call.send().await.ok();
    }

    async fn other_methods_are_not_allowed(backend) {
        let app = TestApp::start(backend).await;
        for endpoint in ENDPOINTS {
            let own: Vec<_> = ENDPOINTS.iter().filter(|it| it.path == endpoint.path).collect();
            let is_own = |method: &Method| own.iter().any(|it| it.method == method.as_str());
            for method in [Method::PATCH, Method::TRACE].into_iter().filter(|it| !is_own(it)) {
                let answer = app.call(method, endpoint.path).send().await;
                answer.error(405, "METHOD_NOT_ALLOWED");
                assert_envelope(&answer);
                assert!(answer.header("allow").contains(endpoint.method.as_str()));
            }
        }
    }

    async fn every_api_response_has_its_headers(backend) {
        let app = TestApp::start(backend).await;
        for path in ["/v1/auth/config", "/v1/auth/me", "/nowhere", "/.git/config"] {
            let answer = app.get(path).send().await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
            assert_eq!(
                answer.header("content-security-policy"),
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            );
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("content-type"), "application/json");
            assert!(answer.headers.get("server").is_none());
            assert!(answer.headers.get("strict-transport-security").is_none());
        }
        let missing = app.get("/nowhere").send().await;
        missing.error(404, "NOT_FOUND");
        assert_envelope(&missing);
        let details: &Value = missing.error(404, "NOT_FOUND");
        assert_eq!(*details, json!({}));
    }
}
