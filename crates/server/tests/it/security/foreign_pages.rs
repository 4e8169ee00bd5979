//! Requests that a page of another origin makes its visitors' browsers send.

use doorward_server::config::Options;
use reqwest::Method;
use serde_json::json;

use crate::support::{
    Answer, Backend, Browser, PASSWORD, TestApp, assert_is_readable_from, on_both,
};

const ALLOWED: &str = "https://app.example.com";

/// Request headers that browsers send for pages that may not call the server.
const FOREIGN: [&[(&str, &str)]; 4] = [
    &[
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "no-cors"),
        ("origin", "https://evil.example"),
    ],
    &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("origin", "null")],
    // A subdomain may have been taken over.
    &[("sec-fetch-site", "same-site"), ("origin", "https://www.auth.example.com")],
    // An image.
    &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
];

/// Starts a server with limits of two requests a minute.
async fn limited(backend: Backend) -> TestApp {
    limited_with(backend, Options::default()).await
}

async fn limited_with(backend: Backend, options: Options) -> TestApp {
    let twice = Some(2);
    let options = Options {
        public_url: Some("https://auth.example.com".to_owned()),
        rate_limits_enabled: Some(true),
        rate_limits_register_per_minute: twice,
        rate_limits_login_per_minute: twice,
        rate_limits_refresh_per_minute: twice,
        rate_limits_mail_per_minute: twice,
        rate_limits_default_per_minute: Some(4),
        rate_limits_password_check_per_minute: twice,
        ..options
    };
    TestApp::start_with(backend, options).await
}

async fn send(
    app: &TestApp,
    method: Method,
    path: &str,
    said: &[(&str, &str)],
    body: &str,
) -> Answer {
    let call = app.call(method, path).body_without_type(body.to_owned());
    said.iter().fold(call, |call, (name, value)| call.header(name, value)).send().await
}

on_both! {
    async fn foreign_page_uses_up_no_limit_of_its_visitors_and_changes_no_data(backend) {
        let app = limited(backend).await;
        let ann = app.register("ann").await;
        let register = json!({ "email": "eve@example.com", "username": "eve", "password": PASSWORD }).to_string();
        let before = app.database.rows().await;
        for said in FOREIGN.iter().cycle().take(12) {
            for (method, path, body) in [
                (Method::POST, "/v1/auth/register", register.as_str()),
                (Method::POST, "/v1/auth/login", r#"{"username":"ann","password":"wrong"}"#),
                (Method::POST, "/v1/auth/refresh", "{}"),
                (Method::POST, "/v1/auth/forgot-password", r#"{"email":"ann@example.com"}"#),
                (Method::POST, "/v1/auth/logout", ""),
                (Method::GET, "/v1/auth/config", ""),
                (Method::GET, "/v1/auth/me", ""),
            ] {
                let answer = send(&app, method, path, said, body).await;
                let details = answer.error(403, "FORBIDDEN").clone();
                assert_eq!(details["required_permission"], "cors:origin", "{path}");
                assert!(!answer.headers.contains_key("access-control-allow-origin"));
            }
        }
        assert_eq!(app.database.rows().await, before);
        app.login("ann", PASSWORD).await.ok();
        app.refresh(&ann.refresh).await.ok();
        app.me(&ann.access).await.ok();
        app.register("bob").await;
    }

    async fn body_that_needs_no_preflight_uses_up_no_limit_without_fetch_metadata(backend) {
        // Browsers send Fetch Metadata only to trustworthy URLs, not to http: on other hosts.
        let app = limited(backend).await;
        let ann = app.register("ann").await;
        let login = r#"{"username":"ann","password":"wrong"}"#;
        for (content_type, body) in [
            (None, login), (None, ""), (Some(""), login), (Some("text/plain"), login), (Some("text/plain"), ""),
            (Some("application/x-www-form-urlencoded"), "username=ann"), (Some("text/json"), login),
        ] {
            for path in ["login", "refresh", "register", "forgot-password", "verify-email", "reset-password"] {
                let call = app.post(&format!("/v1/auth/{path}")).header("origin", "https://evil.example");
                let answer = match content_type {
                    Some(kind) => call.body(kind, body).send().await,
                    None => call.body_without_type(body).send().await,
                };
                let expected = if body.is_empty() { "missing" } else { "model_attributes_type" };
                assert_eq!(answer.status, 422, "{path} {content_type:?}: {}", answer.body);
                assert_eq!(answer.body["detail"][0]["type"], expected, "{path}");
            }
            for path in ["/v1/auth/logout", "/v1/auth/switch-org", "/v1/orgs", "/v1/orgs/x/invites/x/resend"] {
                let call = app.post(path).body(content_type.unwrap_or("text/plain"), body);
                call.send().await.error(401, "AUTHENTICATION_FAILED");
            }
        }
        app.login("ann", PASSWORD).await.ok();
        app.refresh(&ann.refresh).await.ok();
        app.me(&ann.access).await.ok();
    }

    async fn cross_site_forms_use_up_no_limit_of_their_visitors(backend) {
        let app = limited(backend).await;
        app.register("ann").await;
        let browser = Browser::new(&app);
        let form = [("username", "ann"), ("password", "wrong"), ("email", "ann@example.com")];
        for said in FOREIGN.iter().cycle().take(12) {
            for path in ["/sign-in", "/sign-up", "/forgot-password", "/password-check", "/sign-out", "/account"] {
                assert_eq!(browser.submit_from(said, path, &form).await.status, 403, "{path}");
                let embedded = browser.get_with(said, path).await.status;
                assert_eq!(embedded, if path == "/password-check" { 405 } else { 403 }, "{path}");
            }
        }
        browser.sign_in("ann", PASSWORD).await.redirects_to("/account");
        browser.get("/account").await.shown(200);
    }

    async fn page_of_an_allowed_origin_may_call_from_another_site(backend) {
        let cors_origins = Some(ALLOWED.parse().unwrap());
        let app = limited_with(backend, Options { cors_origins, ..Options::default() }).await;
        app.register("ann").await;
        let body = json!({ "username": "ann", "password": PASSWORD });
        let call = || app.post("/v1/auth/login").header("sec-fetch-site", "cross-site").header("origin", ALLOWED);
        let answer = call().json(&body).send().await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_is_readable_from(ALLOWED, &answer);
        // The calls are counted, and the page can read the 429.
        call().json(&body).send().await;
        let answer = call().json(&body).send().await;
        answer.error(429, "RATE_LIMIT_EXCEEDED");
        assert_is_readable_from(ALLOWED, &answer);
    }

    async fn links_from_other_sites_and_emails_can_be_followed(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        let followed = [
            ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"),
        ];
        for path in ["/sign-in", "/sign-up", "/reset-password?token=x", "/verify-email?token=x", "/invite?token=x"] {
            let page = browser.get_with(&followed, path).await;
            assert_eq!(page.status, browser.get(path).await.status, "{path}");
            assert_ne!(page.status, 403, "{path}");
        }
        let embedded = [("sec-fetch-site", "cross-site")];
        for path in ["/healthz", "/readyz", "/openapi.json", "/.well-known/jwks.json", "/docs/"] {
            for said in [&followed[..], &embedded] {
                assert_eq!(browser.get_with(said, path).await.status, 200, "{path}");
            }
        }
        assert_eq!(browser.get_with(&followed, "/v1/auth/config").await.status, 200);
        let framed = [
            ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe"),
        ];
        for path in ["/sign-in", "/v1/auth/config"] {
            assert_eq!(browser.get_with(&framed, path).await.status, 403, "{path}");
        }
    }
}
