//! Limits on the number of connections and on idle time.

use std::{fs, io, process::Command, time::Duration};

use doorward_server::config::{Options, Timeouts};
use doorward_testing::PATIENCE;
use futures::future::join_all;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::support::{Backend, Running, TestApp, doorward, run};

const OK: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

/// Starts a server with short timeouts.
async fn impatient(backend: Backend) -> TestApp {
    TestApp::start_tuned(backend, Options::default(), |config| {
        config.timeouts = Timeouts {
            // The library checks this timeout twice a second.
            head: Duration::from_secs(1),
            body: Duration::from_millis(300),
            keep_alive: Duration::from_secs(1),
            idle: Duration::from_secs(2),
        };
    })
    .await
}

async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.url("").replace("http://", "")).await.unwrap()
}

/// Returns what the server sends until it closes the connection.
async fn until_closed(client: &mut TcpStream, what: &str) -> String {
    let mut said = Vec::new();
    let read = timeout(PATIENCE, client.read_to_end(&mut said)).await;
    let read = read.unwrap_or_else(|_| panic!("{what}: the connection stays open"));
    assert!(read.is_ok() || read.is_err_and(|it| it.kind() == io::ErrorKind::ConnectionReset));
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn client_that_stops_sending_is_disconnected() {
    run(Backend::Sqlite, |backend| async move {
        let app = impatient(backend).await;
        let half_body = "content-type: application/json\r\ncontent-length: 60000\r\n\r\n{";
        let half_chunk = "transfer-encoding: chunked\r\n\r\n5\r\nhe";
        let post = "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\n";
        let get = "GET /healthz HTTP/1.1\r\nhost: x\r\n";
        let cases = [
            ("nothing", String::new()),
            ("half a head", "GET /heal".to_owned()),
            ("nothing after a request", OK.to_owned()),
            ("half a head after a request", format!("{OK}GET /heal")),
            ("half a body", format!("{post}{half_body}")),
            ("half a chunk", format!("{post}{half_chunk}")),
            ("half a body that is not read", format!("{get}{half_body}")),
            ("half a chunk that is not read", format!("{get}{half_chunk}")),
            (
                "half a chunk to nowhere",
                format!("POST /nowhere HTTP/1.1\r\nhost: x\r\n{half_chunk}"),
            ),
        ];
        join_all(cases.iter().map(async |(what, sent)| {
            let mut client = connect(&app).await;
            client.write_all(sent.as_bytes()).await.unwrap();
            until_closed(&mut client, what).await;
        }))
        .await;
    });
}

/// Sends one byte at a time until the server closes the connection.
async fn drip(client: &mut TcpStream, what: &str) {
    let dripped = async {
        while client.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, dripped)
        .await
        .unwrap_or_else(|_| panic!("{what}: the connection stays open"));
}

#[test]
fn client_that_sends_too_slowly_is_disconnected() {
    run(Backend::Sqlite, |backend| async move {
        let app = impatient(backend).await;
        let chunks =
            "GET /healthz HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nfffff\r\n";
        join_all([OK, chunks].iter().map(async |sent| {
            let mut client = connect(&app).await;
            client.write_all(sent.as_bytes()).await.unwrap();
            drip(&mut client, sent).await;
        }))
        .await;
    });
}

#[test]
fn client_that_does_not_read_is_disconnected() {
    run(Backend::Sqlite, |backend| async move {
        let app = impatient(backend).await;
        let mut client = connect(&app).await;
        // More than the socket buffers hold.
        let request = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(64);
        client.write_all(request.as_bytes()).await.unwrap();
        drip(&mut client, "no reading").await;
    });
}

#[test]
fn connection_that_is_used_stays_open() {
    run(Backend::Sqlite, |backend| async move {
        let app = impatient(backend).await;
        let mut client = connect(&app).await;
        // In total longer than a connection may be idle.
        for _ in 0..30 {
            client.write_all(b"HEAD /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
            let mut read = [0; 4096];
            let length = timeout(PATIENCE, client.read(&mut read)).await.unwrap().unwrap();
            assert!(String::from_utf8_lossy(&read[..length]).starts_with("HTTP/1.1 200"));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
}

/// Starts the server with limits on open files that a shell sets.
fn under(folder: &TempDir, limits: &str) -> Running {
    let doorward = doorward(folder.path());
    #[expect(clippy::disallowed_methods, reason = "a shell sets the limit for the binary")]
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("{limits} && exec \"$0\"")).arg(doorward.get_program());
    command.current_dir(folder.path()).env_clear();
    command.envs(doorward.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.stdin(std::process::Stdio::null());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    Running::start(command)
}

/// Opens connections and sends one request on each, as browsers do, and keeps them open.
async fn idle(url: &str, number: usize) -> Vec<TcpStream> {
    open(url, number, OK).await
}

/// Opens connections, sends this on each, and keeps them open.
async fn open(url: &str, number: usize, sent: &str) -> Vec<TcpStream> {
    let address = url.replace("http://", "");
    let mut clients = Vec::new();
    for _ in 0..number {
        let mut client = TcpStream::connect(&address).await.unwrap();
        client.write_all(sent.as_bytes()).await.unwrap();
        if sent == OK {
            // A connection that is not accepted yet gets no response.
            let _ = timeout(Duration::from_millis(100), client.read(&mut [0; 17])).await;
        }
        clients.push(client);
    }
    clients
}

async fn is_ready(url: &str) -> bool {
    let response = reqwest::get(format!("{url}/readyz"));
    timeout(Duration::from_secs(5), response)
        .await
        .is_ok_and(|it| it.is_ok_and(|it| it.status() == 200))
}

#[test]
#[cfg(target_os = "linux")]
fn low_soft_limit_of_open_files_is_raised() {
    let folder = TempDir::new().unwrap();
    let running = under(&folder, "ulimit -S -n 256");
    assert!(!running.seen.contains("raise the hard limit"), "{}", running.seen);
    let url = running.url.clone();
    run(Backend::Sqlite, |_| async move {
        let clients = idle(&url, 400).await;
        assert!(is_ready(&url).await, "400 connections of one client block the server");
        drop(clients);
    });
    running.stop();
}

#[test]
#[cfg(target_os = "linux")]
fn idle_connections_of_one_client_block_neither_others_nor_the_database() {
    let folder = TempDir::new().unwrap();
    let running = under(&folder, "ulimit -n 512");
    assert!(running.seen.contains("may open 512 files") && running.seen.contains("LimitNOFILE"));
    let (url, files) = (running.url.clone(), format!("/proc/{}/fd", running.child.id()));
    run(Backend::Sqlite, |_| async move {
        // Many more than the server allows.
        let clients = idle(&url, 400).await;
        for _ in 0..20 {
            assert!(is_ready(&url).await, "another client was blocked");
            assert!(fs::read_dir(&files).unwrap().count() < 500);
        }
        drop(clients);
        assert!(is_ready(&url).await);
    });
    assert!(!running.stop().contains("Too many open files"));
}

#[test]
#[cfg(target_os = "linux")]
fn incomplete_bodies_of_one_client_do_not_block_others() {
    let folder = TempDir::new().unwrap();
    let running = under(&folder, "ulimit -n 512");
    let url = running.url.clone();
    run(Backend::Sqlite, |_| async move {
        let sent = "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                    content-length: 60000\r\n\r\n{";
        // Many more than the server allows in total. A new connection is not closed in favor of these.
        let mut clients = Vec::new();
        for _ in 0..10 {
            clients.extend(open(&url, 30, sent).await);
            assert!(is_ready(&url).await, "another client was blocked");
        }
        drop(clients);
        assert!(is_ready(&url).await);
    });
    running.stop();
}
