//! The certificates that connections to the database and the mail server accept.

use std::{
    fs,
    io::{BufRead, Read, Write},
    net::TcpListener,
    path::PathBuf,
    process::Child,
    sync::Arc,
    thread,
};

use doorward_testing::{TestSmtp, Tls};
use rustls::{
    ServerConfig, ServerConnection, Stream,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{PASSWORD, Running, doorward, terminate};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

/// The TLS request of PostgreSQL's protocol ("SSLRequest" in "Message Formats").
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Returns the first bytes that a client sends over TLS to a server with this certificate: none if it rejects it.
fn said(listener: &TcpListener, certificate: &str) -> Vec<u8> {
    let chain = vec![CertificateDer::from_pem_file(file(&format!("{certificate}.pem"))).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file(&format!("{certificate}.key.pem"))).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let (mut client, _) = listener.accept().unwrap();
    let mut asked = [0; 8];
    client.read_exact(&mut asked).unwrap();
    assert_eq!(asked, SSL_REQUEST);
    client.write_all(b"S").unwrap();
    let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
    let mut said = [0; 64];
    let length = Stream::new(&mut connection, &mut client).read(&mut said).unwrap_or_default();
    said[..length].to_vec()
}

/// Starts the binary with a database URL of this port.
fn start(folder: &TempDir, port: u16, query: &str, trusted: &str) -> Child {
    let mut command = doorward(folder.path());
    let url = format!("postgres://ann:canary@localhost:{port}/auth{query}");
    command.env("DOORWARD_DATABASE_URL", url).env("SSL_CERT_FILE", file(trusted));
    command.spawn().unwrap()
}

fn stop(mut child: Child) -> String {
    terminate(&child);
    let mut log = String::new();
    child.stdout.take().unwrap().read_to_string(&mut log).unwrap();
    child.wait().unwrap();
    log
}

/// Returns what the binary sends to a database with this certificate, and the process.
fn offered(certificate: &'static str, query: &str, trusted: &str) -> (Vec<u8>, Child) {
    let folder = TempDir::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let child = start(&folder, port, query, trusted);
    let said = thread::spawn(move || said(&listener, certificate)).join().unwrap();
    (said, child)
}

#[test]
fn database_with_a_valid_certificate_is_accepted() {
    for query in ["?sslmode=require", "?sslmode=verify-full", "?sslrootcert=system", ""] {
        let (said, child) = offered("localhost", query, "ca.pem");
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.contains("user\0ann\0"), "{query}: {said}");
        stop(child);
    }
}

#[test]
fn database_with_an_invalid_certificate_receives_no_credentials() {
    // For another host, expired, and from an unknown certificate authority.
    for (certificate, trusted) in
        [("elsewhere", "ca.pem"), ("expired", "ca.pem"), ("localhost", "elsewhere.pem")]
    {
        for query in ["?sslmode=verify-full", "?sslmode=verify-ca", "?sslrootcert=system"] {
            let (said, child) = offered(certificate, query, trusted);
            assert!(said.is_empty(), "{certificate} {query}: {}", String::from_utf8_lossy(&said));
            // The server exits: waiting would not change the certificate.
            let ended = child.wait_with_output().unwrap();
            let log = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
            assert_eq!(ended.status.code(), Some(1), "{log}");
            assert!(log.contains("cannot accept the certificate of the database"), "{log}");
            assert!(!log.contains("canary"), "{log}");
        }
    }
}

#[test]
fn database_without_tls_receives_nothing_when_tls_is_required() {
    let folder = TempDir::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let child = start(&folder, port, "?sslmode=require", "ca.pem");
    let (mut client, _) = listener.accept().unwrap();
    let mut asked = [0; 8];
    client.read_exact(&mut asked).unwrap();
    assert_eq!(asked, SSL_REQUEST);
    client.write_all(b"N").unwrap();
    let mut rest = Vec::new();
    let _ = client.read_to_end(&mut rest);
    assert!(rest.is_empty(), "{rest:?}");
    stop(child);
}

/// Starts the binary with an email to send to a mail server with this certificate.
async fn with_an_email(
    folder: &TempDir,
    tls: Tls,
    certificate: &str,
    trusted: &str,
) -> (TestSmtp, Running) {
    let key = file(&format!("{certificate}.key.pem"));
    let smtp = TestSmtp::with_tls(tls, &file(&format!("{certificate}.pem")), &key).await;
    let scheme = if tls == Tls::Implicit { "smtps" } else { "smtp" };
    let url = format!("{scheme}://ann:canary@localhost:{}?", smtp.port());
    let url = if tls == Tls::Start { url + "starttls=required" } else { url };
    let url_file = folder.path().join("mail_url");
    fs::write(&url_file, url).unwrap();
    let mut command = doorward(folder.path());
    command.env("DOORWARD_MAIL_URL_FILE", url_file).env("SSL_CERT_FILE", file(trusted));
    let server = tokio::task::spawn_blocking(|| Running::start(command)).await.unwrap();
    let body = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
    let register = format!("{}/v1/auth/register", server.url);
    let answer = reqwest::Client::new().post(register).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{answer:?}");
    (smtp, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_server_with_a_valid_certificate_receives_emails() {
    for tls in [Tls::Start, Tls::Implicit] {
        let folder = TempDir::new().unwrap();
        let (smtp, server) = with_an_email(&folder, tls, "localhost", "ca.pem").await;
        let mail = smtp.wait_for(1).await.remove(0);
        assert!(mail.encrypted && mail.login.is_some() && mail.text.contains("?token=dwv_"));
        let log = server.stop();
        assert!(!log.contains("canary") && !log.contains("dwv_"), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_server_with_an_invalid_certificate_receives_nothing() {
    for (certificate, trusted) in
        [("elsewhere", "ca.pem"), ("expired", "ca.pem"), ("localhost", "elsewhere.pem")]
    {
        for tls in [Tls::Start, Tls::Implicit] {
            let folder = TempDir::new().unwrap();
            let (smtp, mut server) = with_an_email(&folder, tls, certificate, trusted).await;
            let mut line = String::new();
            while !line.contains("mail server unavailable") {
                line.clear();
                assert!(server.log.read_line(&mut line).unwrap() > 0);
            }
            assert!(line.contains("certificate") && line.contains("TLS"), "{line}");
            assert!(!line.contains("canary") && !line.contains("dwv_"), "{line}");
            assert!(smtp.taken().is_empty());
            let clear = smtp.heard_in_clear();
            let harmless = |line: &String| line.starts_with("EHLO") || line == "STARTTLS";
            assert!(clear.iter().all(harmless), "{clear:?}");
            server.stop();
        }
    }
}
