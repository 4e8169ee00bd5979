use reqwest::{RequestBuilder, header};
use serde::Deserialize;
use serde_json::Value;

use super::document;

/// A request in the making.
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

    /// Sends it from another address, as a trusted proxy would hand it on.
    pub(crate) fn from(self, address: &str) -> Self {
        self.header("x-forwarded-for", address)
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// Sends it. Whatever comes back has to be in the OpenAPI document.
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

/// Reads JSON, however deep it is nested.
fn parse(text: &str) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    Value::deserialize(&mut deserializer)
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The details of an error in the envelope.
    #[track_caller]
    pub(crate) fn error(&self, status: u16, code: &str) -> &Value {
        assert_eq!((self.status, self.text("error")), (status, code), "{}", self.body);
        assert_eq!(self.body["status_code"], status);
        &self.body["details"]
    }

    /// What is wrong with a field.
    #[track_caller]
    pub(crate) fn issue(&self, field: &str) -> &str {
        assert_eq!(self.status, 422, "{}", self.body);
        let detail = self.body["detail"].as_array().unwrap();
        let issue = detail.iter().find(|issue| issue["loc"][1] == field);
        issue.unwrap_or_else(|| panic!("nothing about {field} in {}", self.body))["type"]
            .as_str()
            .unwrap()
    }

    /// A text of the body.
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
