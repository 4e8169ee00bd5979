//! Expensive and silent clients must not affect other clients.

use doorward_domain::{
    audit::AuditKind,
    pagination::{PageQuery, PageSize},
};
use doorward_server::config::{Config, Options};
use doorward_testing::PATIENCE;
use futures::future::join_all;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{Fault, PASSWORD, TestApp, on_both};

on_both! {
    async fn requests_waiting_for_a_hash_do_not_block_others(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.faults.set(Fault::HasherHangs);
        // Many more than the database pool has connections.
        let waiting = join_all((0..200).map(|_| app.login("ann", PASSWORD)));
        let others = async {
            let mut token = ann.refresh.clone();
            for _ in 0..50 {
                app.me(&ann.access).await.ok();
                token = app.refresh(&token).await.text("refresh_token").to_owned();
            }
            app.get("/readyz").send().await.ok();
            app.faults.set(Fault::Nothing);
        };
        let (answers, ()) = tokio::join!(waiting, others);
        assert!(answers.iter().all(|answer| answer.status == 200));
    }

    async fn disconnected_client_leaves_the_hashing_queue(backend) {
        // One hash takes long enough for all other clients to connect and disconnect.
        let options = Options { passwords_argon2_memory_kib: Some(262_144), ..Options::default() };
        let tune = |config: &mut Config| config.hashing.wait = PATIENCE;
        let app = TestApp::start_tuned(backend, options, tune).await;
        let ann = app.register("ann").await;
        let address = app.url("").replace("http://", "");
        let body = json!({ "username": "ann", "password": "wrong horse battery" }).to_string();
        let request = format!(
            "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        app.statements.take();
        let mut impatient = Vec::new();
        for _ in 0..30 {
            let mut client = TcpStream::connect(&address).await.unwrap();
            client.write_all(request.as_bytes()).await.unwrap();
            impatient.push(client);
        }
        // Each request reads its account, and then waits for a hash.
        let all_have_looked = async {
            let mut looked = 0;
            while looked < 30 {
                tokio::task::yield_now().await;
                looked += app.statements.take().len();
            }
        };
        tokio::time::timeout(PATIENCE, all_have_looked).await.unwrap();
        drop(impatient);
        app.login("ann", PASSWORD).await.ok();
        let page = PageQuery { limit: PageSize::new(100).unwrap(), after: None };
        let events = app.state.application.events.list.of(Some(ann.id), page).await.unwrap();
        let failed = events.items.iter().filter(|event| event.kind == AuditKind::LoginFailed);
        let failed = failed.count();
        assert!(failed < 20, "{failed} of 30 passwords were hashed for disconnected clients");
    }

    async fn silent_connections_do_not_block_others(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let address = app.url("").replace("http://", "");
        let mut silent = Vec::new();
        let unfinished =
            "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{";
        for said in ["", "GET /v1/auth/me HT", unfinished] {
            for _ in 0..60 {
                let mut client = TcpStream::connect(&address).await.unwrap();
                client.write_all(said.as_bytes()).await.unwrap();
                silent.push(client);
            }
        }
        for _ in 0..20 {
            app.me(&ann.access).await.ok();
            app.login("ann", PASSWORD).await.ok();
        }
        drop(silent);
        app.me(&ann.access).await.ok();
    }

    async fn chunked_body_is_limited_and_no_body_is_decompressed(backend) {
        let app = TestApp::start(backend).await;
        let head = "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
        let answer = app.raw(format!("{head}{}0\r\n\r\n", chunk.repeat(17)).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        let small = json!({ "username": "ann", "password": PASSWORD }).to_string();
        let chunk = format!("{head}{:x}\r\n{small}\r\n0\r\n\r\n", small.len());
        let answer = app.raw(chunk.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        for encoding in ["gzip", "br", "deflate", "zstd", "x"] {
            let call = app.post("/v1/auth/login").header("content-encoding", encoding);
            let answer = call.body("application/json", vec![0x1f, 0x8b, 8, 0]).send().await;
            assert_eq!(answer.status, 422, "{encoding}: {}", answer.body);
        }
    }

    async fn concurrent_oversized_passwords_are_refused_without_hashing(backend) {
        let options = Options { passwords_queue_size: Some(1), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.faults.set(Fault::HasherHangs);
        app.statements.take();
        let long = "x".repeat(80_000);
        for answer in join_all((0..100).map(|_| app.login("ann", &long))).await {
            answer.error(413, "PAYLOAD_TOO_LARGE");
        }
        assert!(app.statements.take().is_empty(), "a query was sent");
        app.faults.set(Fault::Nothing);
    }
}
