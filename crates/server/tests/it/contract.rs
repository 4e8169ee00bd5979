//! Replays recorded requests and compares the responses with those of the reference implementation.
//!
//! A case expects either "valid", which is any response except a validation error of the reference's
//! types, or "invalid", which is status 422 with the same entries in the same order. Only the keys
//! that the case lists are compared. `*` matches any value in `loc` and `ctx`, and any ending at the
//! end of `msg`.

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::support::{Answer, TestApp, document, on_both};

#[derive(Deserialize)]
struct Case {
    id: String,
    method: String,
    path: String,
    content_type: Option<String>,
    query: Option<String>,
    body: Option<String>,
    body_base64: Option<String>,
    expect: String,
    #[serde(default)]
    detail: Vec<Value>,
    email: Option<String>,
}

/// The first file was recorded from the reference service; the second was found by comparing this server
/// with the reference on generated requests.
const CASES: [&str; 2] = [
    include_str!("../contract/validation-cases.jsonl"),
    include_str!("../contract/further-cases.jsonl"),
];

/// Returns `true` if an error type is this server's own, which may reject input that the reference accepts.
fn is_own(issue: &Value) -> bool {
    let types = document()["components"]["x-errors"]["types"].as_array().unwrap();
    types.iter().any(|row| row["name"] == issue["type"] && row["pydantic"] == false)
}

impl Case {
    async fn send(&self, app: &TestApp, token: &str) -> Answer {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let method: Method = self.method.parse().unwrap();
        let mut call = app.call(method, &format!("{}{query}", self.path)).bearer(token);
        let body = match (&self.body, &self.body_base64) {
            (Some(text), _) => Some(text.clone().into_bytes()),
            (None, Some(base64)) => Some(BASE64_STANDARD.decode(base64).unwrap()),
            (None, None) => None,
        };
        if let Some(body) = body {
            let content_type = self.content_type.as_deref();
            call = match content_type {
                Some(content_type) => call.body(content_type, body),
                None => call.body_without_type(body),
            };
        }
        call.send().await
    }

    fn judge(&self, answer: &Answer) -> Result<(), String> {
        if self.expect == "valid" { self.judge_valid(answer) } else { self.judge_invalid(answer) }
    }

    fn judge_valid(&self, answer: &Answer) -> Result<(), String> {
        let detail = answer.body["detail"].as_array();
        match answer.status {
            422 if !detail.is_some_and(|detail| detail.iter().all(is_own)) => {
                Err("valid request was rejected".to_owned())
            }
            // The cases use invalid tokens and passwords, and organizations of other users.
            401 | 403 => Ok(()),
            200 => match (&self.email, answer.body.pointer("/user/email")) {
                (Some(expected), Some(stored)) if stored != expected => {
                    Err(format!("stored as {stored}"))
                }
                _ => Ok(()),
            },
            422 => Ok(()),
            status => Err(format!("status {status}")),
        }
    }

    fn judge_invalid(&self, answer: &Answer) -> Result<(), String> {
        if answer.status != 422 {
            return Err(format!("status {}", answer.status));
        }
        let Some(detail) = answer.body["detail"].as_array() else { return Err("no detail".into()) };
        if detail.len() != self.detail.len() {
            return Err(format!("{} entries instead of {}", detail.len(), self.detail.len()));
        }
        let differs = self.detail.iter().zip(detail).find_map(|(want, got)| differs(want, got));
        differs.map_or(Ok(()), Err)
    }
}

fn differs(want: &Value, got: &Value) -> Option<String> {
    let known = ["loc", "msg", "type", "input", "ctx"];
    let Some(entry) = got.as_object() else { return Some("not an object".to_owned()) };
    if entry.keys().any(|key| !known.contains(&key.as_str())) {
        return Some("other keys".to_owned());
    }
    if want.get("msg").is_some() && want.get("ctx").is_some() != got.get("ctx").is_some() {
        return Some("ctx".to_owned());
    }
    let agrees = |(key, want): (&String, &Value)| {
        let got = got.get(key)?;
        let open_end = want.as_str().and_then(|text| text.strip_suffix('*'));
        let same = match open_end {
            Some(beginning) if key == "msg" => got.as_str()?.starts_with(beginning),
            _ => matches(want, got),
        };
        same.then_some(())
    };
    let mut keys = want.as_object()?.iter();
    keys.find(|entry| agrees(*entry).is_none()).map(|(key, _)| format!("{key} of {got}"))
}

fn matches(want: &Value, got: &Value) -> bool {
    match (want, got) {
        (Value::String(any), _) if any == "*" => true,
        (Value::Array(want), Value::Array(got)) => {
            want.len() == got.len() && want.iter().zip(got).all(|(want, got)| matches(want, got))
        }
        (Value::Object(want), Value::Object(got)) => {
            want.len() == got.len()
                && want.iter().all(|(key, want)| got.get(key).is_some_and(|got| matches(want, got)))
        }
        _ => want == got,
    }
}

on_both! {
    async fn every_recorded_request_gets_the_reference_response(backend) {
        let app = TestApp::start(backend).await;
        let mut person = app.register("checker").await;
        let mut failures = Vec::new();
        for (number, line) in CASES.into_iter().flat_map(str::lines).enumerate() {
            let case: Case = serde_json::from_str(line).unwrap();
            let mut answer = case.send(&app, &person.access).await;
            let needs_bearer = case.path.contains("/me") || case.path.contains("/switch-org");
            if answer.status == 401 && needs_bearer {
                // An earlier case signed the caller out or changed the password.
                person = app.register(&format!("checker-{number}")).await;
                answer = case.send(&app, &person.access).await;
            }
            if let Err(why) = case.judge(&answer) {
                failures.push(format!("{}: {why}\n  {}", case.id, answer.body));
            }
        }
        assert!(failures.is_empty(), "{} cases differ:\n{}", failures.len(), failures.join("\n"));
    }
}
