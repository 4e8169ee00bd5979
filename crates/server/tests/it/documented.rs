//! Triggers every error example of the OpenAPI document on every operation. [`Call::send`](crate::support)
//! checks the opposite: that every response is documented.

mod orgs;

use std::{collections::BTreeSet, time::Duration};

use doorward_domain::token::{TokenPurpose, TokenRef};
use doorward_server::config::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{
    Answer, Backend, Call, Fault, PASSWORD, Person, TestApp, assert_is_example,
    assert_is_readable_from, document, errors, on_both, operations,
};

/// The example for invalid query parameters, within an operation.
const REFUSED_QUERY: &str = "/responses/422/content/application~1json/examples/parameter/value";

const OTHER_PASSWORD: &str = "seven lucky herons wade";

/// An allowed origin. Its pages must be able to read every response.
const ORIGIN: &str = "https://app.example.com";

/// The documented errors that were not triggered yet.
struct Undriven(BTreeSet<(String, u16, String)>);

impl Undriven {
    /// Like [`Undriven::driven`], for a page of another origin, which must not be able to read the response.
    fn driven_by_another_page(&mut self, operation: &str, answer: &Answer) {
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
        assert_is_example(operation, 403, "cors:origin", answer);
        self.0.remove(&(operation.to_owned(), 403, "cors:origin".to_owned()));
    }

    fn driven(&mut self, operation: &str, status: u16, example: &str, answer: &Answer) {
        assert_is_readable_from(ORIGIN, answer);
        assert_is_example(operation, status, example, answer);
        self.0.remove(&(operation.to_owned(), status, example.to_owned()));
    }
}

/// The request headers of a page that may not call the server.
const FOREIGN: [(&str, &str); 2] =
    [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];

/// Options that allow pages of [`ORIGIN`].
fn called_by_pages(options: Options) -> Options {
    Options { cors_origins: Some(ORIGIN.parse().unwrap()), ..options }
}

/// The operations of the v1 API, each with its part of the document.
fn v1() -> impl Iterator<Item = (String, Value)> {
    operations().into_iter().filter(|name| name.contains(" /v1/")).map(|name| {
        let (method, path) = name.split_once(' ').unwrap();
        let about = document()["paths"][path][method.to_lowercase()].clone();
        (name, about)
    })
}

fn example(about: &Value) -> Option<&Value> {
    about.pointer("/requestBody/content/application~1json/example")
}

/// Returns the documented errors for a body in which every field is invalid.
fn refused_fields(about: &Value) -> &Value {
    &about["responses"]["422"]["content"]["application/json"]["examples"]["fields"]["value"]["detail"]
}

/// Returns the body that causes these errors. Errors omit the input of secrets, which are sent empty.
fn refused(issues: &Value) -> String {
    let fields = issues.as_array().unwrap().iter().map(|issue| {
        let field = issue["loc"][1].as_str().unwrap().to_owned();
        let input = if issue["input"].is_null() { json!("") } else { issue["input"].clone() };
        (field, input)
    });
    Value::from_iter(fields).to_string()
}

async fn send(app: &TestApp, name: &str, token: Option<&str>, body: Option<&str>) -> Answer {
    let mut call = call(app, name);
    if let Some(token) = token {
        call = call.bearer(token);
    }
    if let Some(body) = body {
        call = call.body("application/json", body.to_owned());
    }
    call.send().await
}

/// Sends a request with these additional headers.
async fn send_as(app: &TestApp, name: &str, said: &[(&str, &str)]) -> Answer {
    let call = call(app, name);
    said.iter().fold(call, |call, (name, value)| call.header(name, value)).send().await
}

fn call(app: &TestApp, name: &str) -> Call {
    let (method, path) = name.split_once(' ').unwrap();
    let nothing = "00000000-0000-7000-8000-000000000000";
    let path = ["{session_id}", "{org_id}", "{user_id}", "{invite_id}"]
        .into_iter()
        .fold(path.to_owned(), |path, name| path.replace(name, nothing));
    app.call(method.parse::<Method>().unwrap(), &path)
}

/// Sends the document's example with valid tokens.
async fn send_good(
    app: &TestApp,
    name: &str,
    about: &Value,
    person: &Person,
    reset_token: &str,
) -> Answer {
    let row = TokenRef { id: person.id.as_uuid(), counter: 1 };
    let issue = |purpose| app.state.ports.opaque_tokens.issue(purpose, row).expose().to_owned();
    let mut body = example(about).cloned();
    let mut name = name.to_owned();
    if let Some(body) = &mut body {
        for (id, field, token) in [
            ("refresh", "refresh_token", person.refresh.clone()),
            ("verify_email", "token", issue(TokenPurpose::VerifyEmail)),
            ("reset_password", "token", reset_token.to_owned()),
            ("accept_invite", "token", issue(TokenPurpose::Invite)),
        ] {
            if about["operationId"] == id {
                body[field] = json!(token);
            }
        }
    }
    if about["operationId"] == "get_invite_info" {
        name = format!("{name}?token={}", issue(TokenPurpose::Invite));
    }
    let body = body.map(|body| body.to_string());
    send(app, &name, Some(&person.access), body.as_deref()).await
}

async fn of_the_input(app: &TestApp, undriven: &mut Undriven) {
    let ann = app.register("ann").await;
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(64 * 1024));
    for (name, about) in v1() {
        if about["security"] == json!([{ "bearer": [] }]) {
            undriven.driven(&name, 401, "token", &send(app, &name, Some("x"), Some("{}")).await);
        }
        undriven.driven_by_another_page(&name, &send_as(app, &name, &FOREIGN).await);
        if example(&about).is_some() {
            let expected = refused_fields(&about);
            let answer = send(app, &name, Some(&ann.access), Some(&refused(expected))).await;
            assert_eq!(answer.body["detail"], *expected, "{name}");
            undriven.driven(&name, 422, "fields", &answer);
            let answer = send(app, &name, Some(&ann.access), Some("{")).await;
            assert_eq!(answer.body["detail"][0]["type"], "json_invalid");
            undriven.driven(&name, 422, "json_invalid", &answer);
        }
        let parameters = about["parameters"].as_array().into_iter().flatten();
        if parameters.into_iter().any(|parameter| parameter["in"] == "query") {
            let wrong = format!("{name}?limit=0&cursor=x");
            let answer = send(app, &wrong, Some(&ann.access), None).await;
            assert_eq!(answer.body["detail"], about.pointer(REFUSED_QUERY).unwrap()["detail"]);
            undriven.driven(&name, 422, "parameter", &answer);
        }
        if !name.starts_with("GET") {
            undriven.driven(&name, 413, "body", &send(app, &name, None, Some(&large)).await);
        }
    }
}

/// Operations without a body can't have an invalid one, but they wait for it to end.
async fn of_slow_bodies(backend: Backend, undriven: &mut Undriven) {
    let tune = |config: &mut doorward_server::config::Config| {
        config.timeouts.body = Duration::from_millis(50);
    };
    let app = TestApp::start_tuned(backend, called_by_pages(Options::default()), tune).await;
    let takes_no_body =
        |(name, about): &(String, Value)| example(about).is_none() && !name.starts_with("GET");
    for (name, _) in v1().filter(takes_no_body) {
        let mut client = TcpStream::connect(app.url("").replace("http://", "")).await.unwrap();
        let head =
            format!("{name} HTTP/1.1\r\nhost: x\r\norigin: {ORIGIN}\r\ncontent-length: 9\r\n\r\n");
        client.write_all(head.as_bytes()).await.unwrap();
        let mut text = String::new();
        client.read_to_string(&mut text).await.unwrap();
        let answer = Answer::read(&text);
        assert!(text.starts_with("HTTP/1.1 422") && text.contains("json_invalid"), "{text}");
        undriven.driven(&name, 422, "json_invalid", &answer);
    }
}

async fn of_limits(backend: Backend, undriven: &mut Undriven) {
    let one = Some(1);
    let options = Options {
        rate_limits_enabled: Some(true),
        rate_limits_register_per_minute: one,
        rate_limits_login_per_minute: one,
        rate_limits_refresh_per_minute: one,
        rate_limits_mail_per_minute: one,
        rate_limits_default_per_minute: one,
        ..Options::default()
    };
    let app = TestApp::start_with(backend, called_by_pages(options)).await;
    for (name, _) in v1() {
        send(&app, &name, Some("x"), Some("{}")).await;
        let answer = send(&app, &name, Some("x"), Some("{}")).await;
        assert_eq!(answer.header("retry-after"), "60");
        undriven.driven(&name, 429, "requests", &answer);
    }

    let options = Options {
        rate_limits_enabled: Some(true),
        rate_limits_login_failures_per_minute: one,
        ..Options::default()
    };
    let app = TestApp::start_with(backend, called_by_pages(options)).await;
    let ann = app.register("ann").await;
    let change = json!({ "current_password": "wrong", "new_password": OTHER_PASSWORD });
    let change = || app.put("/v1/auth/me/password").bearer(&ann.access).json(&change).send();
    change().await;
    undriven.driven("PUT /v1/auth/me/password", 429, "failures", &change().await);
    let body = json!({ "email": "ann2@example.com", "current_password": PASSWORD });
    let change = app.put("/v1/auth/me/email").bearer(&ann.access).json(&body).send();
    undriven.driven("PUT /v1/auth/me/email", 429, "failures", &change.await);
    app.login("bob", "wrong").await;
    undriven.driven("POST /v1/auth/login", 429, "failures", &app.login("bob", "wrong").await);

    app.messages().await;
    let body = json!({ "email": "ann@example.com" });
    app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
    let body = json!({ "token": app.mail().await.token(), "new_password": OTHER_PASSWORD });
    let reset = || app.post("/v1/auth/reset-password").json(&body).send();
    // Without a hash, the token stays valid.
    app.faults.set(Fault::HasherBusy);
    for _ in 0..10 {
        assert_eq!(reset().await.status, 503);
    }
    undriven.driven("POST /v1/auth/reset-password", 429, "failures", &reset().await);
    app.faults.set(Fault::Nothing);
}

async fn of_faults(app: &TestApp, undriven: &mut Undriven) {
    let ann = app.login("ann", PASSWORD).await.ok().into();
    app.messages().await;
    let body = json!({ "email": "ann@example.com" });
    app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
    let reset_token = app.mail().await.token();
    for (fault, status, example) in [
        (Fault::DatabaseBroken, 500, "fault"),
        (Fault::DatabaseAway, 503, "database"),
        (Fault::HasherBusy, 503, "busy"),
    ] {
        app.faults.set(fault);
        for (name, about) in v1() {
            let listed = &about["responses"][status.to_string()]["content"];
            if listed["application/json"]["examples"][example].is_object() {
                let answer = send_good(app, &name, &about, &ann, &reset_token).await;
                undriven.driven(&name, status, example, &answer);
            }
        }
        app.faults.set(Fault::Nothing);
    }
}

async fn of_credentials(app: &TestApp, undriven: &mut Undriven) {
    undriven.driven("POST /v1/auth/login", 401, "credential", &app.login("ann", "wrong").await);
    let body = json!({ "token": "x", "new_password": OTHER_PASSWORD });
    for name in ["POST /v1/auth/verify-email", "POST /v1/auth/reset-password"] {
        let answer = send(app, name, None, Some(&body.to_string())).await;
        undriven.driven(name, 401, "credential", &answer);
    }
    let ann: Person = app.login("ann", PASSWORD).await.ok().into();
    app.disable(&ann).await;
    let answer = app.login("ann", PASSWORD).await;
    undriven.driven("POST /v1/auth/login", 403, "account:active", &answer);
}

async fn of_refresh(app: &TestApp, undriven: &mut Undriven) {
    let name = "POST /v1/auth/refresh";
    undriven.driven(name, 401, "token_invalid", &app.refresh("x").await);

    let bob = app.register("bob").await;
    app.refresh(&bob.refresh).await.ok();
    app.advance(time::Duration::seconds(11));
    undriven.driven(name, 401, "token_reused", &app.refresh(&bob.refresh).await);

    let bob: Person = app.login("bob", PASSWORD).await.ok().into();
    app.post("/v1/auth/logout").bearer(&bob.access).send().await.ok();
    undriven.driven(name, 401, "session_revoked", &app.refresh(&bob.refresh).await);

    let bob: Person = app.login("bob", PASSWORD).await.ok().into();
    let body = json!({ "refresh_token": bob.refresh, "org_id": bob.id.to_string() });
    let answer = send(app, name, None, Some(&body.to_string())).await;
    undriven.driven(name, 403, "org:access", &answer);
    app.advance(time::Duration::days(15));
    undriven.driven(name, 401, "token_expired", &app.refresh(&bob.refresh).await);
}

async fn of_registration(backend: Backend, app: &TestApp, undriven: &mut Undriven) {
    let name = "POST /v1/auth/register";
    let inviter = app.register("eve").await;
    let org = app.shared_org(&inviter).await;
    let invite = app.invite(&inviter, org, "fay@example.com").await;
    for (example, change) in [
        ("email.already_exists", json!({ "email": "eve@example.com" })),
        ("username.already_exists", json!({ "username": "Eve" })),
        ("password.password_too_common", json!({ "password": "password1" })),
        ("invite_token.invite_invalid", json!({ "invite_token": "x" })),
        ("email.invite_email_mismatch", json!({ "invite_token": invite })),
    ] {
        let mut body =
            json!({ "email": "gus@example.com", "username": "gus", "password": PASSWORD });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = send(app, name, None, Some(&body.to_string())).await;
        undriven.driven(name, 422, example, &answer);
    }
    let closed = Options { allow_registration: Some(false), ..Options::default() };
    let app = TestApp::start_with(backend, called_by_pages(closed)).await;
    let body = json!({ "email": "gus@example.com", "username": "gus", "password": PASSWORD });
    let answer = send(&app, name, None, Some(&body.to_string())).await;
    undriven.driven(name, 403, "auth:register", &answer);
}

async fn of_passwords(app: &TestApp, undriven: &mut Undriven) {
    let hal = app.register("hal").await;
    let name = "PUT /v1/auth/me/password";
    let change = async |access: &str, current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        send(app, name, Some(access), Some(&body.to_string())).await
    };
    let wrong = change(&hal.access, "wrong", OTHER_PASSWORD).await;
    undriven.driven(name, 422, "current_password.password_incorrect", &wrong);
    let common = change(&hal.access, PASSWORD, "password1").await;
    undriven.driven(name, 422, "new_password.password_too_common", &common);
    let ida = app.register_without_password("ida").await;
    let none = change(&ida, PASSWORD, OTHER_PASSWORD).await;
    undriven.driven(name, 403, "password:change", &none);
    of_emails(app, undriven, &hal, &ida).await;

    app.messages().await;
    let body = json!({ "email": "hal@example.com" });
    app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
    let body = json!({ "token": app.mail().await.token(), "new_password": "password1" });
    let name = "POST /v1/auth/reset-password";
    let answer = send(app, name, None, Some(&body.to_string())).await;
    undriven.driven(name, 422, "new_password.password_too_common", &answer);
}

async fn of_emails(app: &TestApp, undriven: &mut Undriven, hal: &Person, verified: &str) {
    let name = "PUT /v1/auth/me/email";
    let change = async |access: &str, email: &str, current: &str| {
        let body = json!({ "email": email, "current_password": current });
        send(app, name, Some(access), Some(&body.to_string())).await
    };
    let taken = change(&hal.access, "ida@example.com", PASSWORD).await;
    undriven.driven(name, 422, "email.already_exists", &taken);
    let wrong = change(&hal.access, "hal2@example.com", "wrong").await;
    undriven.driven(name, 422, "current_password.password_incorrect", &wrong);
    let kept = change(verified, "ida2@example.com", PASSWORD).await;
    undriven.driven(name, 403, "email:change", &kept);
    let none = app.without_password("pam", false).await;
    let none = change(&none, "pam2@example.com", PASSWORD).await;
    undriven.driven(name, 403, "password:change", &none);
}

async fn of_permissions(backend: Backend, app: &TestApp, undriven: &mut Undriven) {
    let jan = app.register("jan").await;
    let foreign = app.register("kay").await.workspace;
    for (name, field) in [
        ("POST /v1/auth/switch-org", "org_id"),
        ("PUT /v1/auth/me/profile", "default_workspace_id"),
    ] {
        let body = json!({ field: foreign }).to_string();
        let answer = send(app, name, Some(&jan.access), Some(&body)).await;
        undriven.driven(name, 403, "org:access", &answer);
    }

    let name = "DELETE /v1/auth/sessions/{session_id}";
    undriven.driven(name, 404, "unknown", &send(app, name, Some(&jan.access), None).await);

    let options = Options { require_verified_email: Some(true), ..Options::default() };
    let app = TestApp::start_with(backend, called_by_pages(options)).await;
    let lea = app.register("lea").await;
    let login = app.login("lea", PASSWORD).await;
    undriven.driven("POST /v1/auth/login", 403, "email:verified", &login);
    for (name, about) in v1().filter(|(name, _)| name != "POST /v1/auth/login") {
        let listed = &about["responses"]["403"]["content"]["application/json"]["examples"];
        if listed["email:verified"].is_object() {
            let answer = send_good(&app, &name, &about, &lea, "").await;
            undriven.driven(&name, 403, "email:verified", &answer);
        }
    }
}

on_both! {
    async fn every_documented_error_is_reproduced(backend) {
        let mut undriven = Undriven(errors());
        assert!(undriven.0.len() > 100);
        let app = TestApp::start_with(backend, called_by_pages(Options::default())).await;
        of_the_input(&app, &mut undriven).await;
        of_slow_bodies(backend, &mut undriven).await;
        of_limits(backend, &mut undriven).await;
        of_faults(&app, &mut undriven).await;
        of_credentials(&app, &mut undriven).await;
        of_refresh(&app, &mut undriven).await;
        of_registration(backend, &app, &mut undriven).await;
        of_passwords(&app, &mut undriven).await;
        of_permissions(backend, &app, &mut undriven).await;
        orgs::drive(&app, &mut undriven).await;
        orgs::drive_policies(backend, &mut undriven).await;
        assert!(undriven.0.is_empty(), "not triggered: {:#?}", undriven.0);
    }
}
