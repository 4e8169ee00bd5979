//! The content of the binary's log lines at the most verbose level.

use std::{
    fs,
    io::Read,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use doorward_testing::PATIENCE;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Running, doorward, on_both, terminate};

const SECRET: &str = "canary of a master key, 32 or more";
const PASSWORD: &str = "canary-horse-battery";
const NEW: &str = "canary-heron-wade";
const WRONG: &str = "canary-wrong-battery";

/// Text that would add a log line, a field, or a terminal color if it were not escaped.
const INJECTED: &str =
    "\n{\"level\":\"ERROR\",\"message\":\"injected\"}\r\n\u{1b}[31m\u{202e}\",\"level\":\"ERROR";

/// Waits for an email whose file name contains `about`, and returns its token.
async fn mailed(folder: &Path, about: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let files = fs::read_dir(folder).into_iter().flatten();
        let mut paths = files.map(|file| file.unwrap().path());
        let wanted = |path: &std::path::PathBuf| {
            path.extension().is_some_and(|kind| kind == "eml")
                && path.to_string_lossy().contains(about)
        };
        if let Some(path) = paths.find(wanted) {
            let text = fs::read_to_string(path).unwrap();
            let (_, rest) = text.split_once("?token=").unwrap();
            return rest.split_whitespace().next().unwrap().to_owned();
        }
        assert!(Instant::now() < deadline, "no email about {about}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Sends JSON, and returns the status and the body.
async fn post(url: &str, path: &str, token: Option<&str>, body: &Value) -> (StatusCode, Value) {
    let method = if path.starts_with("me/") { reqwest::Method::PUT } else { reqwest::Method::POST };
    let mut call = Client::new().request(method, format!("{url}/v1/auth/{path}")).json(body);
    if let Some(token) = token {
        call = call.bearer_auth(token);
    }
    let answer = call.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// Calls every endpoint with valid and invalid input, and returns the secrets in use: those of emails
/// separately.
async fn call_every_endpoint(url: &str, mails: &Path) -> (Vec<String>, Vec<String>) {
    let ann = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
    let (status, registered) = post(url, "register", None, &ann).await;
    assert_eq!(status, StatusCode::OK, "{registered}");
    let text = |body: &Value, key: &str| body[key].as_str().unwrap().to_owned();
    let (access, refresh) = (text(&registered, "access_token"), text(&registered, "refresh_token"));
    let verify = mailed(mails, "verify-email").await;
    post(url, "forgot-password", None, &json!({ "email": "ann@example.com" })).await;
    let reset = mailed(mails, "reset-password").await;
    let (_, refreshed) = post(url, "refresh", None, &json!({ "refresh_token": refresh })).await;
    let cut = &refresh[..refresh.len() - 1];
    for (path, token, body, expected) in [
        ("verify-email", None, json!({ "token": verify }), 200),
        ("login", None, json!({ "username": "ann", "password": WRONG }), 401),
        ("login", None, json!({ "username": WRONG, "password": PASSWORD }), 401),
        ("login", None, json!({ "username": "ann", "password": [PASSWORD] }), 422),
        ("login", None, json!({ "username": INJECTED, "password": PASSWORD }), 401),
        (
            "register",
            None,
            json!({ "email": INJECTED, "username": INJECTED, "password": NEW }),
            422,
        ),
        ("forgot-password", None, json!({ "email": INJECTED }), 422),
        ("refresh", None, json!({ "refresh_token": cut }), 401),
        ("refresh", None, json!({ "refresh_token": INJECTED }), 401),
        (
            "me/password",
            Some(&access),
            json!({ "current_password": WRONG, "new_password": NEW }),
            422,
        ),
        (
            "me/password",
            Some(&access),
            json!({ "current_password": PASSWORD, "new_password": NEW }),
            200,
        ),
        ("me/profile", Some(&access), json!({ "full_name": INJECTED, "bio": INJECTED }), 200),
        ("switch-org", Some(&access), json!({ "org_id": INJECTED }), 403),
        ("reset-password", None, json!({ "token": reset, "new_password": NEW }), 401),
        ("logout", Some(&access), json!({}), 200),
        ("logout", Some(&access), json!({}), 401),
    ] {
        let (status, answer) = post(url, path, token.map(String::as_str), &body).await;
        assert_eq!(status, expected, "{path}: {answer}");
    }
    let invite = format!("{url}/v1/auth/invite-info?token=dwi_canary-invite");
    let odd = "\",\"level\":\"ERROR\",\"x\":\"\u{202e}";
    let call = Client::new().get(invite).header("user-agent", odd).header("x-forwarded-for", odd);
    call.header("x-request-id", "\",\"level\":\"ERROR").send().await.unwrap();
    let path = format!("{url}/v1/%0a%1b[31m\u{202e}\",\"level\":\"ERROR\"?token=dwi_canary-invite");
    Client::new()
        .get(path)
        .header("authorization", format!("Basic {PASSWORD}"))
        .send()
        .await
        .unwrap();
    let next = text(&refreshed, "refresh_token");
    let secrets = [
        SECRET,
        "ann@example.com",
        PASSWORD,
        NEW,
        WRONG,
        "canary-invite",
        "$argon2id",
        &refresh[4..],
        &next[4..],
    ];
    let secrets = secrets.into_iter().chain(access.split('.').skip(1));
    (secrets.map(str::to_owned).collect(), vec![verify, reset])
}

on_both! {
    async fn no_secret_is_logged_and_no_log_line_can_be_injected(backend) {
        let database = backend.database().await;
        let folder = TempDir::new().unwrap();
        let mut command = doorward(folder.path());
        command
            .env("DOORWARD_DATABASE_URL", database.url_text())
            .env("DOORWARD_MASTER_KEY", SECRET)
            .env("DOORWARD_LOG_FILTER", "trace,actix_http=trace")
            .env("DOORWARD_LOG_FORMAT", "json");
        let Running { mut child, mut log, url, .. } = Running::start(command);
        let reader = thread::spawn(move || {
            let mut text = String::new();
            log.read_to_string(&mut text).unwrap();
            text
        });
        let mails = folder.path().join("doorward-data/mail");
        let (secrets, mailed) = call_every_endpoint(&url, &mails).await;
        terminate(&child);
        let log = reader.join().unwrap();
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert!(child.wait().unwrap().success() && errors.is_empty(), "{errors}");

        let (mut refused, mut forbidden) = (0, 0);
        for line in log.lines() {
            let parsed: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
            let time = parsed["timestamp"].as_str().unwrap();
            assert!(time.ends_with('Z') && parsed["message"] != "injected", "{line}");
            let level = parsed["level"].as_str().unwrap();
            assert!(["TRACE", "DEBUG", "INFO", "WARN"].contains(&level), "{line}");
            refused += usize::from(parsed["message"] == "sign-in refused");
            if parsed["event"] == "forbidden" {
                forbidden += 1;
                assert_eq!(parsed["span"]["user_id"].as_str().map(str::len), Some(36), "{line}");
            }
            for secret in &secrets {
                assert!(!line.contains(secret.as_str()), "{secret}: {line}");
            }
            // Emails written to files, which is for development, are logged with their links.
            for token in mailed.iter().filter(|_| parsed["message"] != "message written to a file") {
                assert!(!line.contains(&token[4..]), "{line}");
            }
        }
        assert_eq!((refused, forbidden), (3, 1), "{log}");
    }

    async fn internal_error_is_logged_once_and_its_cause_not_returned(backend) {
        let database = backend.database().await;
        let folder = TempDir::new().unwrap();
        let mut command = doorward(folder.path());
        command.env("DOORWARD_DATABASE_URL", database.url_text()).env("DOORWARD_LOG_FORMAT", "json");
        let mut running = Running::start(command);
        database.rename_table("users", "elsewhere").await;
        let body = json!({ "username": "ann", "password": PASSWORD });
        let call = Client::new().post(format!("{}/v1/auth/login", running.url)).json(&body);
        let answer = call.header("x-request-id", "request-7").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let answer = answer.text().await.unwrap();
        for inside in ["users", "SELECT", "table", "relation", "diesel", "canary"] {
            assert!(!answer.contains(inside), "{answer}");
        }
        terminate(&running.child);
        let mut log = String::new();
        running.log.read_to_string(&mut log).unwrap();
        running.child.wait().unwrap();
        let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let of_it: Vec<_> = lines.filter(|line| line["span"]["request_id"] == "request-7").collect();
        assert_eq!(of_it.len(), 1, "{log}");
        assert_eq!(of_it[0]["level"], "ERROR");
        let cause = of_it[0]["error"].as_str().unwrap();
        assert!(cause.contains("users") && !log.contains("canary"), "{log}");
    }
}
