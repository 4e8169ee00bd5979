//! Secrets must not appear in logs at their most verbose level, in metrics, or in traces.

use std::{collections::BTreeSet, io::Read, net::TcpListener, thread};

use doorward_testing::{PATIENCE, TestSmtp};
use reqwest::{Client, Method, RequestBuilder, Response, header, redirect::Policy};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::support::{Collector, Running, doorward, on_both, terminate};

const SECRET: &str = "canary of a master key, 32 or more";
const FORMER: &str = "canary of a former secret of 32 or more";
const PEPPER: &str = "canary of a pepper, of 32 characters or more";
const PASSWORD: &str = "canary-horse-battery";
const NEW: &str = "canary-heron-wade";
const NEXT: &str = "canary-otter-slide";
const WRONG: &str = "canary-wrong-battery";
const REDIS: &str = "canary-redis";
const DATABASE: &str = "canary-database";
const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";

/// Uses the server as clients do, and collects the secrets that it returns.
struct Story {
    url: String,
    client: Client,
    smtp: TestSmtp,
    mails: usize,
    secrets: BTreeSet<String>,
}

impl Story {
    /// Calls the API, and collects the tokens of the response.
    async fn call(
        &mut self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Value,
    ) -> Value {
        let mut call = self.client.request(method, format!("{}{path}", self.url)).json(&body);
        if let Some(token) = token {
            call = call.bearer_auth(token);
        }
        let answer = self.send(call).await;
        let text = answer.text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        for name in ["access_token", "refresh_token"] {
            self.keep(body[name].as_str());
        }
        body
    }

    /// Submits a form with these cookies, and returns the new cookies.
    async fn submit(&mut self, path: &str, cookies: &str, fields: &[(&str, &str)]) -> String {
        let call = self.client.post(format!("{}{path}", self.url)).form(fields);
        let call = call.header("sec-fetch-site", "same-origin").header(header::COOKIE, cookies);
        let answer = self.send(call).await;
        assert_eq!(answer.status(), 303, "{path}");
        let set = answer.headers().get_all(header::SET_COOKIE).into_iter();
        let pairs = set.map(|set| set.to_str().unwrap().split(';').next().unwrap());
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Sends a request, and collects the secrets in the response headers.
    async fn send(&mut self, call: RequestBuilder) -> Response {
        let answer = call.send().await.unwrap();
        assert!(!answer.status().is_server_error(), "{answer:?}");
        self.keep(answer.headers().get("device-token").map(|token| token.to_str().unwrap()));
        for set in answer.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            self.keep(pair.split_once('=').map(|(_, value)| value));
        }
        answer
    }

    /// Collects a secret and the parts of a JWT. Short parts are skipped, since they would match by chance.
    fn keep(&mut self, secret: Option<&str>) {
        for part in secret.into_iter().flat_map(|secret| secret.split('.')) {
            if part.len() >= 20 && !part.starts_with("eyJ0eXAi") {
                self.secrets.insert(part.to_owned());
                // Without the prefix, which only names the kind of token.
                self.secrets.insert(part.get(4..).unwrap().to_owned());
            }
        }
    }

    /// Returns the token of the next email that has one.
    async fn mailed(&mut self) -> String {
        loop {
            self.mails += 1;
            let mails = timeout(PATIENCE, self.smtp.wait_for(self.mails)).await.unwrap();
            let text = mails[self.mails - 1].text.replace("=\r\n", "").replace("=3D", "=");
            if let Some((_, rest)) = text.split_once("?token=") {
                let token =
                    rest.split(|it: char| !it.is_ascii_alphanumeric() && !"-_".contains(it));
                let token = token.into_iter().next().unwrap().to_owned();
                self.keep(Some(&token));
                return token;
            }
        }
    }

    /// Runs every flow that involves secrets.
    async fn record(&mut self) {
        let (post, put) = (Method::POST, Method::PUT);
        let ann = json!({ "email": ANN, "username": "ann", "password": PASSWORD });
        let registered = self.call(post.clone(), "/v1/auth/register", None, ann).await;
        let verify = self.mailed().await;
        self.call(post.clone(), "/v1/auth/verify-email", None, json!({ "token": verify })).await;
        let access = registered["access_token"].as_str().unwrap().to_owned();
        for password in [WRONG, PASSWORD] {
            let body = json!({ "username": ANN, "password": password });
            self.call(post.clone(), "/v1/auth/login", None, body).await;
        }
        let refresh = json!({ "refresh_token": registered["refresh_token"] });
        self.call(post.clone(), "/v1/auth/refresh", None, refresh).await;
        let invite = json!({ "email": BOB, "role": "member" });
        let team = json!({ "name": "Acme" });
        let made = self.call(post.clone(), "/v1/orgs", Some(&access), team).await;
        let org = made["org_id"].as_str().unwrap().to_owned();
        self.call(post.clone(), &format!("/v1/orgs/{org}/invites"), Some(&access), invite).await;
        let invite = self.mailed().await;
        self.call(Method::GET, &format!("/v1/auth/invite-info?token={invite}"), None, json!({}))
            .await;
        let bob = json!({ "email": BOB, "username": "bob", "password": PASSWORD, "invite_token": invite });
        self.call(post.clone(), "/v1/auth/register", None, bob).await;
        let change = json!({ "current_password": PASSWORD, "new_password": NEW });
        self.call(put, "/v1/auth/me/password", Some(&access), change).await;
        self.call(post.clone(), "/v1/auth/forgot-password", None, json!({ "email": ANN })).await;
        let reset = self.mailed().await;
        let body = json!({ "token": reset, "new_password": NEXT });
        self.call(post, "/v1/auth/reset-password", None, body).await;
        let cookies = self.submit("/sign-in", "", &[("username", "ann"), ("password", NEXT)]).await;
        let account =
            self.client.get(format!("{}/account", self.url)).header(header::COOKIE, &cookies);
        assert_eq!(self.send(account).await.status(), 200);
        self.submit("/sign-out", &cookies, &[]).await;
    }
}

on_both! {
    async fn no_secret_is_in_any_log_line_metric_or_trace(backend) {
        let (database, folder) = (backend.database().await, TempDir::new().unwrap());
        let (smtp, collector) = (TestSmtp::start().await, Collector::start());
        let away = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = doorward(folder.path());
        command
            .env("DOORWARD_DATABASE_URL", database.url_text().replace("postgres@", &format!("postgres:{DATABASE}@")))
            .env("DOORWARD_MASTER_KEY", SECRET)
            .env("DOORWARD_PREVIOUS_MASTER_KEYS", FORMER)
            .env("DOORWARD_PASSWORDS_PEPPER", PEPPER)
            .env("DOORWARD_REDIS_URL", format!("redis://ann:{REDIS}@{away}"))
            .env("DOORWARD_MAIL_URL", format!("smtp://127.0.0.1:{}", smtp.port()))
            .env("DOORWARD_OTLP_ENDPOINT", &collector.url)
            .env("DOORWARD_METRICS_LISTEN", "127.0.0.1:0")
            .env("DOORWARD_LOG_FILTER", "trace,actix_http=trace")
            .env("DOORWARD_LOG_FORMAT", "json");
        let Running { mut child, mut log, url, seen } = Running::start(command);
        let reader = thread::spawn(move || {
            let mut text = String::new();
            log.read_to_string(&mut text).unwrap();
            text
        });
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let mut story = Story { url, client, smtp, mails: 0, secrets: BTreeSet::new() };
        story.record().await;
        let metrics = seen.split("metrics are at ").nth(1).unwrap().split('"').next().unwrap();
        let metrics = reqwest::get(metrics).await.unwrap().text().await.unwrap();
        terminate(&child);
        let log = seen.clone() + &reader.join().unwrap();
        let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
        let (spans, traces) = collector.taken();

        assert!(status.success() && log.contains("\"level\":\"TRACE\"") && !metrics.is_empty());
        for name in ["POST /v1/auth/login", "outbox.deliver", "mail.send", "password_hash.compute", "POST /sign-in"] {
            assert!(spans.iter().any(|span| span.name == name), "{name} was not traced");
        }
        let fixed = [
            SECRET, FORMER, PEPPER, PASSWORD, NEW, NEXT, WRONG, REDIS, DATABASE, ANN, BOB, "ann@", "bob@",
            "$argon2id",
        ];
        // Three emailed tokens, at least five access and five refresh tokens, and the cookies.
        assert!(story.secrets.len() > 20, "{:?}", story.secrets);
        for secret in story.secrets.iter().map(String::as_str).chain(fixed) {
            let whole = |line: &&str| line.contains(secret);
            assert_eq!(log.lines().find(whole), None, "{secret} is in a log line");
            assert_eq!(metrics.lines().find(whole), None, "{secret} is in a metric");
            assert!(!traces.contains(secret), "{secret} is in a trace");
        }
    }
}
