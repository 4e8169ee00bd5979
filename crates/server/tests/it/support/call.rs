use reqwest::{RequestBuilder, header};
use serde::Deserialize;
use serde_json::Value;

use super::document;

/// A request that is being built.
pub(crate) struct Call(pub(super) RequestBuilder);

impl Call {
    pub(crate) fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header(header::CONTENT_TYPE, content_type).body(body))
    }

    pub(crate) fn body_without_type(self, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.body(body))
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        Self(self.0.bearer_auth(token))
    }

    /// Sets the client's IP address, as a trusted proxy forwards it.
    pub(crate) fn from(self, address: &str) -> Self {
        self.header("x-forwarded-for", address)
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// Sends the request. Panics if the OpenAPI document does not describe the response.
    pub(crate) async fn send(self) -> Answer {
        let (client, request) = self.0.build_split();
        let request = request.unwrap();
        let operation = format!("{} {}", request.method(), request.url().path());
        let response = client.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = parse(&text).unwrap_or(Value::String(text));
        let answer = Answer { status, headers, body };
        document::check(&operation, &answer);
        answer
    }
}

/// Parses JSON of any nesting depth.
fn parse(text: &str) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    Value::deserialize(&mut deserializer)
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// Parses a raw HTTP response.
    pub(crate) fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = header::HeaderMap::new();
        for (name, value) in lines.map(|line| line.split_once(": ").unwrap()) {
            let name: header::HeaderName = name.parse().unwrap();
            headers.append(name, value.parse().unwrap());
        }
        Self { status, headers, body: parse(body).unwrap_or(Value::String(body.to_owned())) }
    }

    /// Returns the comma-separated elements of all headers with this name, in lower case.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let lines = self.headers.get_all(name).iter().map(|line| line.to_str().unwrap());
        lines.flat_map(|line| line.split(',')).map(|it| it.trim().to_lowercase()).collect()
    }

    /// Returns the body of a successful response; panics on any other.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// Returns the `details` of an error with this status and code.
    #[track_caller]
    pub(crate) fn error(&self, status: u16, code: &str) -> &Value {
        assert_eq!((self.status, self.text("error")), (status, code), "{}", self.body);
        assert_eq!(self.body["status_code"], status);
        &self.body["details"]
    }

    /// Returns the type of the validation error of a field.
    #[track_caller]
    pub(crate) fn issue(&self, field: &str) -> &str {
        assert_eq!(self.status, 422, "{}", self.body);
        let detail = self.body["detail"].as_array().unwrap();
        let issue = detail.iter().find(|issue| issue["loc"][1] == field);
        issue.unwrap_or_else(|| panic!("nothing about {field} in {}", self.body))["type"]
            .as_str()
            .unwrap()
    }

    /// Returns a string member of the body.
    #[track_caller]
    pub(crate) fn text(&self, key: &str) -> &str {
        self.body[key].as_str().unwrap_or_else(|| panic!("no {key} in {}", self.body))
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no header {name}"));
        value.to_str().unwrap()
    }
}

/// Panics unless pages of the origin can read a response and its headers.
#[track_caller]
pub(crate) fn assert_is_readable_from(origin: &str, answer: &Answer) {
    assert_eq!(answer.header("access-control-allow-origin"), origin);
    assert_eq!(answer.headers.get_all("access-control-allow-origin").iter().count(), 1);
    let exposed = answer.list("access-control-expose-headers");
    for name in ["x-request-id", "retry-after", "www-authenticate", "device-token", "allow"] {
        assert!(exposed.iter().any(|it| it == name), "{name} is not in {exposed:?}");
    }
    assert!(answer.list("vary").contains(&"origin".to_owned()), "{:?}", answer.headers);
    // Cookies are never sent for other origins.
    assert!(!answer.headers.contains_key("access-control-allow-credentials"));
}
