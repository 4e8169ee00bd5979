//! Whose certificate the database's connection takes.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::PathBuf,
    process::Child,
    sync::Arc,
    thread,
};

use rustls::{
    ServerConfig, ServerConnection, Stream,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tempfile::TempDir;

use crate::support::{doorward, terminate};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

/// Asks for TLS as PostgreSQL's protocol has it ("SSLRequest" in "Message Formats").
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// What a client says to a server with this certificate once it has taken it: nothing, if it does not.
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

/// A binary that wants a database at this port.
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

/// What it says to a database that has this certificate, and to its operator.
fn offered(certificate: &'static str, query: &str, trusted: &str) -> (Vec<u8>, String) {
    let folder = TempDir::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let child = start(&folder, port, query, trusted);
    let said = thread::spawn(move || said(&listener, certificate)).join().unwrap();
    (said, stop(child))
}

#[test]
fn a_database_with_a_good_certificate_is_talked_to() {
    let (said, _) = offered("localhost", "?sslmode=require", "ca.pem");
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.contains("user\0ann\0"), "{said}");
}

#[test]
fn a_database_with_a_bad_certificate_is_told_nothing() {
    // For another host, past its time, and of an authority that the machine does not know.
    for (certificate, trusted) in
        [("elsewhere", "ca.pem"), ("expired", "ca.pem"), ("localhost", "elsewhere.pem")]
    {
        for query in ["?sslmode=require", "?sslmode=prefer", ""] {
            let (said, log) = offered(certificate, query, trusted);
            assert!(said.is_empty(), "{certificate} {query}: {}", String::from_utf8_lossy(&said));
            assert!(!log.contains("canary"), "{log}");
        }
    }
}

#[test]
fn a_database_without_tls_is_told_nothing_where_tls_is_a_must() {
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
