//! Those who cost much, or say little, and what it is to the others.

use doorward_server::config::Options;
use futures::future::join_all;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{Fault, PASSWORD, TestApp, on_both};

on_both! {
    async fn whoever_waits_for_a_hash_holds_up_nobody_else(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.faults.set(Fault::HasherHangs);
        // Many more than there are connections to the database.
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

    async fn those_who_say_nothing_hold_up_nobody(backend) {
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

    async fn a_body_without_a_length_is_measured_and_none_is_unpacked(backend) {
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

    async fn long_passwords_at_the_same_moment_cost_nothing(backend) {
        let options = Options { hash_queue: Some(1), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.faults.set(Fault::HasherHangs);
        app.statements.take();
        let long = "x".repeat(80_000);
        for answer in join_all((0..100).map(|_| app.login("ann", &long))).await {
            answer.error(413, "PAYLOAD_TOO_LARGE");
        }
        assert!(app.statements.take().is_empty(), "no query");
        app.faults.set(Fault::Nothing);
    }
}
