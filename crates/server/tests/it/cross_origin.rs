//! Cross-origin requests: which pages may call the server, and which responses they can read.

use doorward_server::config::Options;
use reqwest::{Method, header};
use serde_json::json;

use crate::support::{Answer, Backend, Fault, PASSWORD, TestApp, assert_is_readable_from, on_both};

const ORIGIN: &str = "https://app.example.com";

async fn start(backend: Backend, cors_origins: &str) -> TestApp {
    let cors_origins = Some(cors_origins.parse().unwrap());
    TestApp::start_with(backend, Options { cors_origins, ..Options::default() }).await
}

async fn preflight(app: &TestApp, path: &str, said: &[(&str, &str)]) -> Answer {
    let call = app.call(Method::OPTIONS, path);
    said.iter().fold(call, |call, (name, value)| call.header(name, value)).send().await
}

on_both! {
    async fn page_of_an_allowed_origin_can_read_every_response(backend) {
        let app = start(backend, ORIGIN).await;
        let ann = app.register("ann").await;
        let login = || app.post("/v1/auth/login");
        let mut answers = vec![
            (200, app.me(&ann.access).await),
            (401, app.get("/v1/auth/me").send().await),
            (401, app.me("x").await),
            (401, app.login("ann", "wrong").await),
            (401, app.refresh("x").await),
            (404, app.get("/nowhere").send().await),
            (404, app.get("/v1/nowhere").send().await),
            (405, app.delete("/v1/auth/login").send().await),
            (405, app.call(Method::OPTIONS, "/v1/auth/login").send().await),
            (405, app.delete("/sign-in").send().await),
            (413, login().body("application/json", "x".repeat(70_000)).send().await),
            (422, login().body("application/json", "{").send().await),
            (422, login().json(&json!({})).send().await),
            (200, app.get("/.well-known/jwks.json").send().await),
            (200, app.get("/openapi.json").send().await),
            (200, app.get("/docs/").send().await),
            (200, app.get("/healthz").send().await),
            (200, app.get("/readyz").send().await),
            (200, app.call(Method::HEAD, "/readyz").send().await),
            (200, app.get("/sign-in").send().await),
            (403, app.post("/sign-in").header("content-type", "text/plain").send().await),
        ];
        for (fault, status) in [
            (Fault::DatabaseAway, 503),
            (Fault::DatabaseBroken, 500),
            (Fault::UseCasePanics, 500),
            (Fault::HandlerPanics, 500),
        ] {
            app.faults.set(fault);
            answers.push((status, app.me(&ann.access).await));
        }
        app.faults.set(Fault::DatabaseAway);
        answers.push((503, app.get("/readyz").send().await));
        for (status, answer) in answers {
            assert_eq!(answer.status, status, "{}", answer.body);
            assert_is_readable_from(ORIGIN, &answer);
        }
    }

    async fn page_of_another_origin_can_read_no_response(backend) {
        let app = start(backend, ORIGIN).await;
        for origin in [
            "https://evil.example",
            "null",
            "http://app.example.com",
            "https://app.example.com.evil.example",
            "https://app.example.com, https://evil.example",
            "https://app.example.com:8443",
            "",
        ] {
            for path in ["/v1/auth/config", "/v1/auth/me", "/nowhere"] {
                let answer = app.get(path).header("origin", origin).send().await;
                assert!(answer.headers.get("access-control-allow-origin").is_none(), "{origin}");
                // Otherwise a shared cache would return it to pages of allowed origins.
                assert_eq!(answer.list("vary"), ["origin"], "{origin}");
            }
            let said = [("origin", origin), ("access-control-request-method", "GET")];
            let answer = preflight(&app, "/v1/auth/me", &said).await;
            assert_eq!(answer.error(403, "FORBIDDEN")["required_permission"], "cors:origin");
            assert!(answer.headers.get("access-control-allow-origin").is_none(), "{origin}");
            assert_eq!(answer.list("vary"), ["origin"], "{origin}");
        }
    }

    async fn response_without_an_origin_varies_by_it(backend) {
        let app = start(backend, ORIGIN).await;
        for path in ["/.well-known/jwks.json", "/openapi.json", "/healthz", "/nowhere"] {
            let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            let answer = Answer::read(&app.raw(request.as_bytes()).await);
            assert_eq!(answer.list("vary"), ["origin"], "{path}");
            assert!(answer.headers.get("access-control-allow-origin").is_none(), "{path}");
        }
    }

    async fn server_without_allowed_origins_sends_no_cors_headers(backend) {
        let app = TestApp::start(backend).await;
        let answer = app.get("/v1/auth/config").header("origin", ORIGIN).send().await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
        assert!(!answer.headers.contains_key("vary"));
        let said = [("origin", ORIGIN), ("access-control-request-method", "GET")];
        preflight(&app, "/v1/auth/me", &said).await.error(405, "METHOD_NOT_ALLOWED");
    }

    async fn preflight_allows_the_headers_that_tools_add(backend) {
        let app = start(backend, ORIGIN).await;
        for requested in [
            "authorization,content-type",
            "baggage,content-type,sentry-trace",
            "traceparent, tracestate",
            "X-Requested-With",
            "Cache-Control, Pragma",
            "apikey,x-client-info",
            "X-CSRF-Token,Accept-Language",
            "device-token,x-request-id,x-datadog-origin,x-b3-traceid,ngrok-skip-browser-warning",
        ] {
            let said = [
                ("origin", ORIGIN),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", requested),
            ];
            let answer = preflight(&app, "/v1/auth/login", &said).await;
            assert_eq!(answer.status, 200);
            assert_is_readable_from(ORIGIN, &answer);
            let allowed = answer.list("access-control-allow-headers");
            for name in requested.split(',').map(|name| name.trim().to_lowercase()) {
                assert!(allowed.contains(&name), "{name} is not in {allowed:?}");
            }
            let vary = answer.list("vary");
            assert!(vary.contains(&"access-control-request-headers".to_owned()), "{vary:?}");
        }
    }

    async fn preflight_allows_every_method_at_every_path(backend) {
        let app = start(backend, ORIGIN).await;
        for path in ["/v1/auth/login", "/v1/nowhere", "/nowhere", "/.well-known/jwks.json"] {
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "BREW"] {
                let said = [("origin", ORIGIN), ("access-control-request-method", method)];
                let answer = preflight(&app, path, &said).await;
                assert_eq!((answer.status, answer.body), (200, json!("")), "{method} {path}");
                let allowed = answer.headers["access-control-allow-methods"].to_str().unwrap();
                assert_eq!(allowed.split(", ").any(|it| it == method), method != "BREW");
                assert_eq!(answer.headers["access-control-max-age"], "3600");
                assert!(!answer.headers.contains_key("access-control-allow-private-network"));
            }
        }
        let said = [
            ("origin", ORIGIN),
            ("access-control-request-method", "GET"),
            ("access-control-request-private-network", "true"),
        ];
        let answer = preflight(&app, "/v1/auth/me", &said).await;
        assert_eq!(answer.header("access-control-allow-private-network"), "true");
    }

    async fn apps_and_subdomains_may_call(backend) {
        let origins = "capacitor://localhost, http://localhost, https://*.example.org, chrome-extension://abcdef,";
        let app = start(backend, origins).await;
        for origin in [
            "capacitor://localhost",
            "http://localhost",
            "https://a.example.org",
            "https://a.b.example.org",
            "chrome-extension://abcdef",
        ] {
            let answer = app.get("/v1/auth/me").header("origin", origin).send().await;
            assert_is_readable_from(origin, &answer);
            let said = [("origin", origin), ("access-control-request-method", "POST")];
            assert_is_readable_from(origin, &preflight(&app, "/v1/auth/login", &said).await);
        }
        for origin in ["https://example.org", "http://a.example.org", "https://evil-example.org", "ionic://localhost"] {
            let answer = app.get("/v1/auth/me").header("origin", origin).send().await;
            assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
        }
    }

    async fn pages_of_the_server_itself_are_never_rejected(backend) {
        for (public_url, origin) in [
            ("https://auth.example.com", "https://auth.example.com"),
            ("https://example.com:8443/auth/", "https://example.com:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            let options = Options {
                public_url: Some(public_url.to_owned()),
                cors_origins: Some(ORIGIN.parse().unwrap()),
                ..Options::default()
            };
            let app = TestApp::start_with(backend, options).await;
            app.register("ann").await;
            let body = json!({ "username": "ann", "password": PASSWORD });
            app.post("/v1/auth/login").header("origin", origin).json(&body).send().await.ok();
            let said = [("origin", origin), ("access-control-request-method", "POST")];
            assert_eq!(preflight(&app, "/v1/auth/login", &said).await.status, 200);
            let form = app.post("/sign-in").header("origin", origin).header("sec-fetch-site", "same-origin");
            let form = form.body("application/x-www-form-urlencoded", "username=ann&password=wrong");
            assert_eq!(form.send().await.status, 422);
        }
    }

    async fn response_to_a_slow_request_is_readable_across_origins(backend) {
        let options = Options { cors_origins: Some(ORIGIN.parse().unwrap()), ..Options::default() };
        let soon = std::time::Duration::from_millis(50);
        let app = TestApp::start_tuned(backend, options, |config| config.timeouts.body = soon).await;
        let head = format!(
            "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\norigin: {ORIGIN}\r\ncontent-length: 60000\r\n\r\n{{"
        );
        let answer = Answer::read(&app.raw(head.as_bytes()).await);
        assert_eq!(answer.status, 422);
        assert_is_readable_from(ORIGIN, &answer);
    }

    async fn response_to_a_rate_limited_request_is_readable_across_origins(backend) {
        let options = Options {
            cors_origins: Some(ORIGIN.parse().unwrap()),
            rate_limits_enabled: Some(true),
            rate_limits_default_per_minute: Some(1),
            ..Options::default()
        };
        let app = TestApp::start_with(backend, options).await;
        app.get("/v1/auth/config").send().await.ok();
        let answer = app.get("/v1/auth/config").send().await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, "60"));
        assert_is_readable_from(ORIGIN, &answer);
        assert_eq!(answer.headers[header::VARY], "Origin");
    }
}
