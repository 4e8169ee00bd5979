//! Headers and content that every response has, and that no response has.

use doorward_server::config::Options;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Fault, PASSWORD, TestApp, on_both};

/// Returns a response of each status.
async fn one_of_each(app: &TestApp) -> Vec<Answer> {
    let ann = app.register("ann").await;
    let login = || app.post("/v1/auth/login");
    let mut answers = vec![
        app.me(&ann.access).await,
        app.me("x").await,
        app.get("/nowhere").send().await,
        app.call(Method::TRACE, "/v1/auth/me").send().await,
        login().body("application/json", "x".repeat(70_000)).send().await,
        login().body("application/json", "{").send().await,
        app.get("/.well-known/jwks.json").send().await,
        app.get("/openapi.json").send().await,
        app.get("/docs/").send().await,
        app.get("/healthz").send().await,
    ];
    for fault in
        [Fault::DatabaseAway, Fault::DatabaseBroken, Fault::UseCasePanics, Fault::HandlerPanics]
    {
        app.faults.set(fault);
        answers.push(app.me(&ann.access).await);
    }
    app.faults.set(Fault::Nothing);
    answers
}

on_both! {
    async fn every_response_has_security_headers(backend) {
        let app = TestApp::start(backend).await;
        let answers = one_of_each(&app).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        let expected = [200, 401, 404, 405, 413, 422, 200, 200, 200, 200, 503, 500, 500, 500];
        assert_eq!(statuses, expected);
        for answer in answers {
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'"), "{policy}");
            assert!(policy.contains("base-uri 'none'; form-action 'none';"), "{policy}");
            assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
            let kept = ["no-store", "public, max-age=300"];
            assert!(kept.contains(&answer.header("cache-control")), "{}", answer.status);
            let kind = answer.header("content-type");
            assert!(["application/json", "text/html; charset=utf-8"].contains(&kind), "{kind}");
            assert!(!answer.header("x-request-id").is_empty());
            for banner in ["server", "x-powered-by", "set-cookie", "strict-transport-security"] {
                assert!(!answer.headers.contains_key(banner), "{banner}");
            }
        }
    }

    async fn server_with_an_https_url_sends_hsts(backend) {
        let public_url = Some("https://auth.example.com".to_owned());
        let app = TestApp::start_with(backend, Options { public_url, ..Options::default() }).await;
        for answer in one_of_each(&app).await {
            let value = answer.header("strict-transport-security");
            // Without `includeSubDomains`: the server does not own other hosts of the domain.
            assert_eq!(value, "max-age=31536000");
        }
    }

    async fn shared_host_sends_hsts_only_if_configured(backend) {
        let public_url = Some("https://example.com/auth".to_owned());
        let options = Options { public_url, ..Options::default() };
        let app = TestApp::start_with(backend, options.clone()).await;
        for answer in one_of_each(&app).await {
            assert!(!answer.headers.contains_key("strict-transport-security"));
        }
        let hsts = Some("max-age=63072000; includeSubDomains; preload".to_owned());
        let app = TestApp::start_with(backend, Options { hsts: hsts.clone(), ..options }).await;
        for answer in one_of_each(&app).await {
            assert_eq!(Some(answer.header("strict-transport-security")), hsts.as_deref());
        }
    }

    async fn response_with_a_token_is_never_cached(backend) {
        let app = TestApp::start(backend).await;
        let register = json!({ "email": "a@example.com", "username": "ann", "password": PASSWORD });
        let registered = app.post("/v1/auth/register").json(&register).send().await;
        let refreshed = app.refresh(registered.text("refresh_token")).await;
        let signed_in = app.login("ann", PASSWORD).await;
        for answer in [registered, refreshed, signed_in] {
            assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
            assert!(!answer.headers.contains_key("location"));
        }
    }

    async fn server_error_reveals_no_internals(backend) {
        let app = TestApp::start(backend).await;
        for answer in one_of_each(&app).await.into_iter().filter(|answer| answer.status >= 500) {
            let body = answer.body.to_string();
            for inside in ["injected", "panic", "crates/", ".rs", "SELECT", "sqlite", "ostgres"] {
                assert!(!body.contains(inside), "{body}");
            }
        }
    }

    async fn panic_fails_only_its_own_request(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        for fault in [Fault::UseCasePanics, Fault::HandlerPanics] {
            for _ in 0..20 {
                app.faults.set(fault);
                app.me(&ann.access).await.error(500, "INTERNAL_SERVER_ERROR");
                app.refresh(&ann.refresh).await.error(500, "INTERNAL_SERVER_ERROR");
                app.faults.set(Fault::Nothing);
                app.me(&ann.access).await.ok();
            }
        }
        app.refresh(&ann.refresh).await.ok();
        app.login("ann", PASSWORD).await.ok();
    }

    async fn unknown_path_returns_404(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        for path in [
            "/.git/config", "/.env", "/metrics", "/debug", "/admin", "/v1", "/v1/auth",
            "/v1/auth/me/", "/v1/auth/me/x.css", "/v1/auth/me%2fprofile", "//v1/auth/me",
            "/V1/auth/me", "/v1/auth/me;x=1", "/v1/auth/me%00", "/v2/auth/me", "/docs/../Cargo.toml",
        ] {
            let answer = app.get(path).bearer(&ann.access).send().await;
            assert_eq!(*answer.error(404, "NOT_FOUND"), json!({}), "{path}");
        }
        for path in ["/v1/auth/../../etc/passwd", "/docs/../../Cargo.toml", "/docs/%2e%2e/Cargo.toml"] {
            let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            let answer = app.raw(request.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
        }
    }

    async fn safe_method_uses_up_no_token(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let token = app.mail().await.token();
        for path in ["verify-email", "reset-password", "logout", "refresh"] {
            let path = format!("/v1/auth/{path}?token={token}&refresh_token={}", ann.refresh);
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                let call = app.call(method, &path).bearer(&ann.access);
                let call = call.header("x-http-method-override", "POST").header("x-method", "POST");
                assert_eq!(call.send().await.status, 405, "{path}");
            }
        }
        app.me(&ann.access).await.ok();
        assert_eq!(app.me(&ann.access).await.ok()["is_verified"], false);
        app.post("/v1/auth/verify-email").json(&json!({ "token": token })).send().await.ok();
    }

    async fn body_that_needs_no_preflight_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let json = json!({ "email": "a@example.com", "username": "ann", "password": PASSWORD });
        let form = format!("email=a%40example.com&username=ann&password={PASSWORD}");
        let multipart = "--x\r\ncontent-disposition: form-data; name=\"username\"\r\n\r\nann\r\n--x--";
        for (content_type, body) in [
            ("text/plain", json.to_string()),
            ("application/x-www-form-urlencoded", form),
            ("application/x-www-form-urlencoded", json.to_string()),
            ("multipart/form-data; boundary=x", multipart.to_owned()),
        ] {
            for path in ["/v1/auth/register", "/v1/auth/login"] {
                let answer = app.post(path).body(content_type, body.clone()).send().await;
                assert_eq!(answer.status, 422, "{content_type}: {}", answer.body);
            }
        }
        for path in ["/v1/auth/register", "/v1/auth/login"] {
            let answer = app.post(path).body_without_type(json.to_string()).send().await;
            assert_eq!(answer.status, 422, "without a content type: {}", answer.body);
        }
        assert_eq!(app.database.rows().await["users"].len(), 0);
    }

    async fn callback_and_redirect_parameters_are_ignored(backend) {
        let app = TestApp::start(backend).await;
        let plain = app.get("/v1/auth/config").send().await;
        let asked = "/v1/auth/config?callback=x&jsonp=x&redirect_to=//evil.example&format=xml";
        let answer = app.get(asked).header("accept", "text/html").send().await;
        assert_eq!((answer.status, &answer.body), (200, &plain.body));
        assert!(!answer.headers.contains_key("location"));
    }

    async fn ambiguously_framed_request_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let smuggled = "GET /v1/auth/config HTTP/1.1\r\nhost: x\r\n\r\n";
        for framing in [
            "content-length: 4\r\ntransfer-encoding: chunked\r\n",
            "content-length: 4\r\ncontent-length: 5\r\n",
            "content-length: +4\r\n",
            "content-length: 4, 4\r\n",
            "transfer-encoding: xchunked\r\n",
            "transfer-encoding: chunked, identity\r\n",
            "x: 1\r\n content-length: 4\r\n",
            "content-length : 4\r\n",
        ] {
            let head = format!("POST /v1/auth/login HTTP/1.1\r\nhost: x\r\n{framing}\r\n");
            let answer = app.raw(format!("{head}0\r\n\r\n{smuggled}").as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{framing}: {answer}");
            assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{framing}: {answer}");
        }
        app.get("/v1/auth/config").send().await.ok();
    }

    async fn content_length_matches_the_body_exactly(backend) {
        let app = TestApp::start(backend).await;
        for path in ["/v1/auth/config", "/v1/auth/me", "/nowhere", "/healthz", "/openapi.json", "/docs/"] {
            let mut lengths = Vec::new();
            for method in ["GET", "HEAD"] {
                let request = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
                let answer = app.raw_bytes(request.as_bytes()).await;
                let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
                let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                let length: usize = length.unwrap_or_else(|| panic!("{method} {path}: {head}")).parse().unwrap();
                assert!(!head.contains("transfer-encoding"), "{head}");
                let body = answer.len() - end;
                assert_eq!(body, if method == "GET" { length } else { 0 }, "{method} {path}");
                lengths.push((head.lines().next().unwrap().to_owned(), length));
            }
            // An endpoint without HEAD returns an error of another length.
            if lengths[1].0.contains("200") {
                assert_eq!(lengths[0], lengths[1], "{path}");
            }
        }
    }
}
