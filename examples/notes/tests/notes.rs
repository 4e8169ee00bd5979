//! Tests the service through its own endpoints.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't go on fails")]

use std::net::TcpListener;

use doorward_example_notes::{accounts, http};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

const PASSWORD: &str = "seven lucky herons wade";

struct Service {
    base: String,
    client: Client,
    _folder: TempDir,
}

impl Service {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let accounts = accounts::open(folder.path(), &base).await.unwrap();
        tokio::spawn(http::server(accounts, listener).unwrap());
        Self { base, client: Client::new(), _folder: folder }
    }

    async fn post(&self, path: &str, body: &Value) -> Response {
        self.client.post(format!("{}{path}", self.base)).json(body).send().await.unwrap()
    }

    async fn sign_up(&self, name: &str) -> String {
        let email = format!("{name}@example.com");
        let body = json!({ "email": email, "name": name, "password": PASSWORD });
        let answer = self.post("/sign-up", &body).await;
        assert_eq!(answer.status(), 201);
        answer.json::<Value>().await.unwrap()["access"].as_str().unwrap().to_owned()
    }

    async fn notes(&self, token: &str) -> Response {
        let call = self.client.get(format!("{}/notes", self.base));
        call.bearer_auth(token).send().await.unwrap()
    }

    async fn add(&self, token: &str, note: &str) -> u16 {
        let call = self.client.post(format!("{}/notes", self.base)).bearer_auth(token);
        call.body(note.to_owned()).send().await.unwrap().status().as_u16()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_see_only_their_own_notes() {
    let service = Service::start().await;
    let (ann, bob) = (service.sign_up("ann").await, service.sign_up("bob").await);
    assert_eq!(service.add(&ann, "buy milk").await, 204);
    assert_eq!(service.notes(&ann).await.json::<Vec<String>>().await.unwrap(), ["buy milk"]);
    assert!(service.notes(&bob).await.json::<Vec<String>>().await.unwrap().is_empty());
    assert_eq!(service.notes("nonsense").await.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_correct_password_signs_in() {
    let service = Service::start().await;
    service.sign_up("ann").await;
    for (password, status) in [(PASSWORD, 200), ("seven lucky herons fly", 401)] {
        let body = json!({ "name": "ann", "password": password });
        assert_eq!(service.post("/sign-in", &body).await.status(), status);
    }
    let body = json!({ "email": "ann", "name": "ann", "password": "password" });
    assert_eq!(service.post("/sign-up", &body).await.status(), 422);
}
