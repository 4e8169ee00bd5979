//! `doorward health`, and servers that listen on a Unix socket.

use std::{
    io::{Read, Write},
    net::TcpListener,
    os::unix::{fs::PermissionsExt, net::UnixStream},
    process::Command,
};

use tempfile::TempDir;

use crate::support::{Running, doorward, refused};

fn health(folder: &TempDir, listen: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = doorward(folder.path());
    let output =
        command.arg("health").args(arguments).env("DOORWARD_LISTEN", listen).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn health_checks_the_server_at_the_configured_address() {
    let folder = TempDir::new().unwrap();
    let running = Running::start(doorward(folder.path()));
    let address = running.url.replace("http://", "");
    let port = address.rsplit_once(':').unwrap().1.to_owned();
    // The command needs only the listen address from the configuration.
    for listen in [
        address.clone(),
        format!("0.0.0.0:{port}"),
        format!("localhost:{port}"),
        format!(":{port}"),
    ] {
        assert_eq!(
            health(&folder, &listen, &[]),
            (Some(0), "ready\n".into(), String::new()),
            "{listen}"
        );
    }
    assert_eq!(health(&folder, &address, &["--live"]).1, "ok\n");
    let (code, said, _) = health(&folder, &address, &["--json"]);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &said["status"]), (Some(0), &"ready".into()));
    running.stop();
    let (code, said, error) = health(&folder, &address, &[]);
    assert_eq!((code, said.as_str()), (Some(1), ""));
    assert!(error.contains(&address) && error.contains("does not respond"), "{error}");
}

#[test]
fn health_times_out_and_detects_other_programs() {
    let folder = TempDir::new().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let (code, _, error) = health(&folder, &address, &["--timeout", "1"]);
    assert!(code == Some(1) && error.contains("no response in time"), "{error}");
    let answering = std::thread::spawn(move || {
        let (mut client, _) = silent.accept().unwrap();
        // The connection of the first call is still in the accept queue.
        let _ = client.write_all(b"");
        let (mut client, _) = silent.accept().unwrap();
        let _ = client.read(&mut [0; 1024]);
        let _ = client.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    });
    let (code, _, error) = health(&folder, &address, &[]);
    assert!(code == Some(1) && error.contains("is not doorward"), "{error}");
    answering.join().unwrap();
    assert!(health(&folder, "127.0.0.1:0", &[]).2.contains("fixed port"));
    assert_eq!(health(&folder, &address, &["--timeout", "0"]).0, Some(2));
}

fn behind_a_socket(folder: &TempDir) -> Command {
    let mut command = doorward(folder.path());
    command
        .env("DOORWARD_LISTEN", "unix:doorward.sock")
        .env("DOORWARD_PUBLIC_URL", "https://auth.example.com")
        .env("DOORWARD_MAIL_URL", "file:")
        .env("DOORWARD_RATE_LIMITS_LOGIN_PER_MINUTE", "3");
    command
}

fn send(folder: &TempDir, client: &str, request: &str) -> String {
    let mut stream = UnixStream::connect(folder.path().join("doorward.sock")).unwrap();
    let head =
        format!("host: auth.example.com\r\nx-forwarded-for: {client}\r\nconnection: close\r\n");
    stream.write_all(request.replacen("\r\n", &format!("\r\n{head}"), 1).as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn server_on_a_unix_socket_counts_the_clients_of_its_proxy() {
    let folder = TempDir::new().unwrap();
    let running = Running::start(behind_a_socket(&folder));
    assert_eq!(running.url, "unix:doorward.sock");
    let mode = folder.path().join("doorward.sock").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660, "the group of the proxy may connect");
    assert_eq!(health(&folder, "unix:doorward.sock", &[]).1, "ready\n");
    let body = r#"{"username":"ann","password":"wrong"}"#;
    let login = format!(
        "POST /v1/auth/login HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let status = |client: &str| send(&folder, client, &login)[9..12].to_owned();
    let first: Vec<_> = (0..4).map(|_| status("198.51.100.7")).collect();
    assert_eq!(first, ["401", "401", "401", "429"]);
    assert_eq!(status("198.51.100.8"), "401", "other clients have their own limit");

    let error = refused(&mut behind_a_socket(&folder));
    assert!(error.contains("another server listens"), "{error}");
    running.stop();
    assert!(!folder.path().join("doorward.sock").exists());
    assert_eq!(health(&folder, "unix:doorward.sock", &[]).0, Some(1));
}

#[test]
fn stale_socket_of_a_killed_server_is_replaced() {
    let folder = TempDir::new().unwrap();
    let mut killed = Running::start(behind_a_socket(&folder));
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    assert!(folder.path().join("doorward.sock").exists());
    let mut command = behind_a_socket(&folder);
    command.env("DOORWARD_LISTEN_SOCKET_MODE", "600");
    let again = Running::start(command);
    let mode = folder.path().join("doorward.sock").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(
        send(&folder, "198.51.100.7", "GET /healthz HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200")
    );
    again.stop();
}

#[test]
fn socket_needs_a_public_url() {
    let folder = TempDir::new().unwrap();
    let error = refused(doorward(folder.path()).env("DOORWARD_LISTEN", "unix:doorward.sock"));
    assert!(error.contains("DOORWARD_PUBLIC_URL"), "{error}");
}
