//! Server processes: several on one database, and behind a network that loses responses.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use doorward_testing::TestDatabase;
use futures::future::join_all;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};

use crate::support::{PASSWORD, Running, doorward, on_both};

const SECRET: &str = "one secret for all of the servers";

fn start(database: &TestDatabase, folder: &TempDir) -> Running {
    let mut command = doorward(folder.path());
    command
        .env("DOORWARD_DATABASE_URL", database.url_text())
        .env("DOORWARD_MASTER_KEY", SECRET)
        .env("DOORWARD_RATE_LIMITS_ENABLED", "false")
        .env("DOORWARD_LOG_FILTER", "warn,doorward_server=info");
    Running::start(command)
}

async fn post(client: &Client, url: String, body: &Value) -> reqwest::Result<(StatusCode, Value)> {
    let answer = client.post(url).header("connection", "close").json(body).send().await?;
    let status = answer.status();
    Ok((status, answer.json().await?))
}

async fn register(base: &str, name: &str) -> String {
    let body = json!({
        "email": format!("{name}@example.com"), "username": name, "password": PASSWORD,
    });
    let answer = post(&Client::new(), format!("{base}/v1/auth/register"), &body).await;
    answer.unwrap().1["refresh_token"].as_str().unwrap().to_owned()
}

/// Forwards requests, and drops every third response after the server has sent it.
async fn lossy(server: String, lost: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut count = 0;
        while let Ok((client, _)) = listener.accept().await {
            count += 1;
            let (server, lost) = (server.clone(), lost.clone());
            tokio::spawn(pass(client, server, (count % 3 == 0).then_some(lost)));
        }
    });
    base
}

async fn pass(client: TcpStream, server: String, lost: Option<Arc<AtomicUsize>>) {
    let server = TcpStream::connect(server).await.unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let asking = tokio::spawn(async move { copy(&mut from_client, &mut to_server).await });
    let mut answer = Vec::new();
    // Read the whole response, so that a dropped request was processed.
    from_server.read_to_end(&mut answer).await.unwrap();
    match lost {
        Some(lost) => lost.fetch_add(1, Ordering::SeqCst),
        None => to_client.write_all(&answer).await.map_or(0, |()| 0),
    };
    asking.abort();
}

/// Refreshes until a response arrives, like a client that can't know whether the lost requests succeeded.
async fn refresh(client: &Client, base: &str, token: &str) -> String {
    for _ in 0..20 {
        let body = json!({ "refresh_token": token });
        if let Ok((status, body)) = post(client, format!("{base}/v1/auth/refresh"), &body).await {
            assert_eq!(status, StatusCode::OK, "{body}");
            return body["refresh_token"].as_str().unwrap().to_owned();
        }
    }
    panic!("twenty responses in a row were lost");
}

on_both! {
    async fn lost_refresh_responses_end_no_session(backend) {
        let (database, folder) = (backend.database().await, TempDir::new().unwrap());
        let running = start(&database, &folder);
        let lost = Arc::new(AtomicUsize::new(0));
        let server = running.url.replace("http://", "");
        let base = lossy(server, lost.clone()).await;
        let people = (0..8).map(|number| {
            let (direct, base) = (running.url.clone(), base.clone());
            async move {
                let client = Client::builder().pool_max_idle_per_host(0).build().unwrap();
                let mut token = register(&direct, &format!("ann{number}")).await;
                let mut seen = BTreeSet::new();
                for _ in 0..40 {
                    token = refresh(&client, &base, &token).await;
                    assert!(seen.insert(token.clone()), "a refresh token was returned twice");
                }
            }
        });
        join_all(people).await;
        assert!(lost.load(Ordering::SeqCst) >= 100, "{lost:?}");
        let log = running.stop();
        assert!(!log.contains("refresh_token_reuse_detected"), "{log}");
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
fn two_processes_on_one_database_return_one_successor_per_token() {
    crate::support::run(crate::support::Backend::Postgres, |backend| async move {
        let database = backend.database().await;
        let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
        let servers = folders.each_ref().map(|folder| start(&database, folder));
        let client = Client::new();
        let mut token = register(&servers[0].url, "ann").await;
        for round in 0..200 {
            let calls = (0..64).map(|number| {
                let url = format!("{}/v1/auth/refresh", servers[number % 2].url);
                let call = client.post(url).json(&json!({ "refresh_token": token }));
                async move {
                    let answer = call.send().await.unwrap();
                    let (status, body) = (answer.status(), answer.json::<Value>().await.unwrap());
                    assert_eq!(status, StatusCode::OK, "round {round}: {body}");
                    body["refresh_token"].as_str().unwrap().to_owned()
                }
            });
            let successors: BTreeSet<String> = join_all(calls).await.into_iter().collect();
            assert_eq!(successors.len(), 1, "round {round}");
            token = successors.into_iter().next().unwrap();
        }
        for server in servers {
            server.stop();
        }
    });
}

#[test]
fn ignored_forwarded_address_is_reported_once() {
    crate::support::run(crate::support::Backend::Sqlite, |backend| async move {
        let (database, folder) = (backend.database().await, TempDir::new().unwrap());
        let running = start(&database, &folder);
        for _ in 0..3 {
            let call = Client::new().get(format!("{}/v1/auth/config", running.url));
            call.header("x-forwarded-for", "198.51.100.7").send().await.unwrap();
        }
        let log = running.stop();
        assert_eq!(log.matches("DOORWARD_TRUSTED_PROXIES").count(), 1, "{log}");
    });
}
