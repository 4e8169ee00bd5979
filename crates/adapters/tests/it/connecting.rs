//! Tests which failures to connect to PostgreSQL are mistakes, which are temporary, and which certificates are
//! accepted.

use std::{error::Error, path::PathBuf, sync::Arc};

use doorward_adapters::storage::{MigrationError, Migrator};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// The behavior of a server.
#[derive(Clone)]
pub(crate) enum Server {
    /// Sends this response after the startup message.
    Says(Vec<u8>),
    /// Like `Says`, over TLS with this certificate.
    OverTls(&'static str, Vec<u8>),
    /// Is not PostgreSQL.
    Foreign(&'static [u8]),
    /// Closes every connection.
    Closes,
    /// Sends this response to a request for TLS, and closes the connection if TLS starts without one.
    NotDirect(&'static [u8]),
}

/// An error in PostgreSQL's format ("ErrorResponse" in "Message Formats").
pub(crate) fn error(code: &str, message: &str) -> Vec<u8> {
    let fields = format!("SFATAL\0VFATAL\0C{code}\0M{message}\0\0");
    let length = u32::try_from(fields.len() + 4).unwrap();
    [b"E", &length.to_be_bytes()[..], fields.as_bytes()].concat()
}

/// "AuthenticationCleartextPassword".
const ASKS_FOR_PASSWORD: [u8; 9] = [b'R', 0, 0, 0, 8, 0, 0, 0, 3];

pub(crate) fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../server/tests/tls").join(name)
}

pub(crate) fn acceptor(certificate: &str) -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_file(file(&format!("{certificate}.pem"))).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file(&format!("{certificate}.key.pem"))).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    // Accepts any certificate, like other TLS libraries.
    let certified = CertifiedKey::new(chain, provider.key_provider.load_private_key(key).unwrap());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    Arc::new(config).into()
}

/// Returns what the client sent after the startup message.
async fn respond(server: Server, mut client: TcpStream) -> std::io::Result<Vec<u8>> {
    let mut request = [0; 8];
    match server {
        Server::Closes => Ok(Vec::new()),
        Server::NotDirect(said) => {
            client.read_exact(&mut request).await?;
            if request == [0, 0, 0, 8, 4, 210, 22, 47] {
                client.write_all(said).await?;
            }
            Ok(Vec::new())
        }
        Server::Foreign(said) => {
            client.read_exact(&mut request).await?;
            client.write_all(said).await?;
            Ok(Vec::new())
        }
        Server::Says(said) => {
            let mut client = client;
            client.read_exact(&mut request).await?;
            // A request for TLS, or else the length and version of a startup message.
            if request == [0, 0, 0, 8, 4, 210, 22, 47] {
                client.write_all(b"N").await?;
                client.read_exact(&mut request).await?;
            }
            say(&mut client, request, &said).await
        }
        Server::OverTls(certificate, said) => {
            client.read_exact(&mut request).await?;
            client.write_all(b"S").await?;
            let mut client = acceptor(certificate).accept(client).await?;
            client.read_exact(&mut request).await?;
            say(&mut client, request, &said).await
        }
    }
}

/// Reads the rest of the startup message, responds, and then reads until the client disconnects.
async fn say(
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
    start: [u8; 8],
    said: &[u8],
) -> std::io::Result<Vec<u8>> {
    let length = u32::from_be_bytes([start[0], start[1], start[2], start[3]]);
    let mut rest = vec![0; usize::try_from(length).unwrap() - start.len()];
    client.read_exact(&mut rest).await?;
    client.write_all(said).await?;
    client.flush().await?;
    let mut more = Vec::new();
    client.read_to_end(&mut more).await?;
    Ok(more)
}

/// A server that listens until the test reads what it received.
pub(crate) struct Listening {
    pub(crate) port: u16,
    accepting: JoinHandle<()>,
    heard: UnboundedReceiver<Vec<u8>>,
}

impl Listening {
    /// Returns what the clients sent, once all of them have disconnected.
    async fn heard(mut self) -> Vec<u8> {
        self.accepting.abort();
        let mut all = Vec::new();
        while let Some(one) = self.heard.recv().await {
            all.extend(one);
        }
        all
    }
}

pub(crate) async fn listening(server: Server) -> Listening {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, heard) = unbounded_channel();
    let accepting = tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (server, tell) = (server.clone(), tell.clone());
            tokio::spawn(async move {
                if let Ok(heard) = respond(server, client).await {
                    let _ = tell.send(heard);
                }
            });
        }
    });
    Listening { port, accepting, heard }
}

/// Returns the error of a failed connection, and whether it may be temporary.
async fn failure(server: Server, host: &str, query: &str) -> (String, bool) {
    let listening = listening(server).await;
    let url = format!("postgres://ann:canary@{host}:{}/auth?{query}", listening.port);
    let failed = of(&url).await;
    let heard = listening.heard().await;
    assert!(!String::from_utf8_lossy(&heard).contains("canary"), "the password was sent");
    failed
}

pub(crate) async fn of(url: &str) -> (String, bool) {
    let url = url.parse().unwrap();
    let error: MigrationError = Migrator(&url).check().await.unwrap_err();
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        said += &format!(": {cause}");
        source = cause.source();
    }
    assert!(!said.contains("canary"), "{said}");
    (said, error.may_pass())
}

#[tokio::test]
async fn configuration_mistake_is_permanent_and_has_advice() {
    for (code, message, advice) in [
        ("28P01", "password authentication failed for user \"ann\"", "percent-encoded"),
        ("28000", "role \"ann\" does not exist", "createuser --pwprompt ann"),
        ("28000", "role \"ann\" is not permitted to log in", "LOGIN"),
        (
            "28000",
            "no pg_hba.conf entry for host \"10.0.0.1\", user \"ann\", database \"auth\", no encryption",
            "sslmode=require",
        ),
        (
            "28000",
            "no pg_hba.conf entry for host \"10.0.0.1\", user \"ann\", database \"auth\", SSL encryption",
            "sslmode=disable",
        ),
        (
            "28000",
            "pg_hba.conf rejects connection for host \"10.0.0.1\"",
            "pg_hba.conf of the server",
        ),
        ("28000", "Peer authentication failed for user \"ann\"", "over TCP"),
        ("28000", "connection requires a valid client certificate", "sslcert and sslkey"),
        (
            "3D000",
            "database \"auth\" does not exist",
            "createdb --encoding=UTF8 --template=template0 --owner=ann auth",
        ),
        ("42501", "permission denied for database \"auth\"", "GRANT CONNECT"),
        ("42704", "unrecognized configuration parameter \"x\"", "parameters of the URL"),
        ("0A000", "unsupported frontend protocol 3.0", "parameters of the URL"),
        ("08P01", "no such database: auth", "createdb"),
        ("08P01", "database \"auth\" does not exist", "createdb"),
        ("08P01", "\"trust\" authentication failed", "user and password"),
        ("08P01", "unsupported startup parameter: options", "ignore_startup_parameters"),
        ("08P01", "SSL required", "sslmode=require"),
        ("08P01", "password authentication failed", "percent-encoded"),
        ("XX000", "Tenant or user not found", "the provider shows"),
    ] {
        let (said, may_pass) = failure(Server::Says(error(code, message)), "localhost", "").await;
        assert!(!may_pass && said.contains(advice) && said.contains(message), "{message}: {said}");
    }
}

#[tokio::test]
async fn outage_is_temporary() {
    for (code, message) in [
        ("57P03", "the database system is starting up"),
        ("57P03", "the database system is not yet accepting connections"),
        ("53300", "sorry, too many clients already"),
        ("57P01", "terminating connection due to administrator command"),
        ("08P01", "server login has been failing, try again later (server_login_retry)"),
        ("55000", "database \"auth\" is not currently accepting connections"),
        ("XX000", "something went wrong"),
    ] {
        let (said, may_pass) = failure(Server::Says(error(code, message)), "localhost", "").await;
        assert!(may_pass && said.contains(message), "{message}: {said}");
    }
    let (said, may_pass) = failure(Server::Closes, "localhost", "").await;
    assert!(may_pass, "{said}");
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for host in [unused.to_string(), "host.invalid".to_owned()] {
        let (said, may_pass) = of(&format!("postgres://ann:canary@{host}/auth")).await;
        assert!(may_pass, "{said}");
    }
}

#[tokio::test]
async fn missing_password_is_permanent() {
    let port = listening(Server::Says(ASKS_FOR_PASSWORD.into())).await.port;
    for user in ["ann@", "ann:@"] {
        let url = format!("postgres://{user}localhost:{port}/auth");
        let (said, may_pass) = of(&url).await;
        assert!(!may_pass && said.contains("postgres://user:password@host/database"), "{said}");
    }
}

#[tokio::test]
async fn server_other_than_postgresql_is_a_permanent_error() {
    for said in [
        &b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"[..],
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"J\0\0\0\x0a8.0.36\0",
        b"-ERR unknown command\r\n",
        b"220 mail.example ESMTP\r\n",
    ] {
        for query in ["", "sslmode=require", "sslmode=disable"] {
            let (answer, may_pass) = failure(Server::Foreign(said), "localhost", query).await;
            let said = String::from_utf8_lossy(said);
            assert!(!may_pass && answer.contains("is not PostgreSQL"), "{said} {query}: {answer}");
        }
    }
}

/// Like PostgreSQL before version 17, with and without TLS. A server that doesn't respond at all may be starting.
#[tokio::test]
async fn unsupported_direct_tls_is_a_permanent_error() {
    for query in ["sslnegotiation=direct", "sslnegotiation=direct&sslmode=require"] {
        for said in [&b"S"[..], b"N"] {
            let (said, may_pass) = failure(Server::NotDirect(said), "localhost", query).await;
            assert!(!may_pass && said.contains("PostgreSQL 17 or newer"), "{query}: {said}");
        }
        let (said, may_pass) = failure(Server::Closes, "localhost", query).await;
        assert!(may_pass, "{query}: {said}");
    }
}

#[tokio::test]
async fn socket_file_as_host_is_permanent_and_missing_folder_is_temporary() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("socket");
    let url = format!("postgres://ann:canary@/auth?host={}", path.display());
    let (said, may_pass) = of(&url).await;
    assert!(may_pass && said.contains("that PostgreSQL is running"), "{said}");
    std::fs::write(&path, "").unwrap();
    let (said, may_pass) = of(&url).await;
    assert!(!may_pass && said.contains("use the folder of the server's socket"), "{said}");
}

const STARTS: &str = "the database system is starting up";

/// What each mode verifies in a certificate. The server's response shows that the certificate was accepted.
#[tokio::test]
async fn certificate_is_verified_as_sslmode_requires() {
    let trust = |name: &str| format!("sslrootcert={}", file(name).display());
    let (ca, own, old) = (trust("ca.pem"), trust("self-signed.pem"), trust("version-1.pem"));
    for (certificate, host, query, expected) in [
        // On this machine, and if any certificate is accepted.
        ("self-signed", "localhost", String::new(), STARTS),
        ("version-1", "localhost", String::new(), STARTS),
        ("self-signed", "localhost", "sslmode=require".to_owned(), STARTS),
        ("self-signed", "0.0.0.0", "sslmode=require".to_owned(), STARTS),
        ("expired", "0.0.0.0", "sslmode=prefer".to_owned(), STARTS),
        ("self-signed", "0.0.0.0", "sslmode=no-verify".to_owned(), STARTS),
        // By a certificate authority.
        ("localhost", "localhost", format!("sslmode=verify-full&{ca}"), STARTS),
        ("localhost", "localhost", ca.clone(), STARTS),
        ("localhost", "127.0.0.1", format!("sslmode=verify-ca&{ca}"), STARTS),
        ("localhost", "127.0.0.1", format!("sslmode=require&{ca}"), STARTS),
        (
            "localhost",
            "localhost",
            format!("sslmode=verify-full&ssl_min_protocol_version=TLSv1.3&{ca}"),
            STARTS,
        ),
        ("localhost", "127.0.0.1", format!("sslmode=verify-full&{ca}"), "for another host"),
        ("elsewhere", "localhost", format!("sslmode=verify-full&{ca}"), "for another host"),
        ("expired", "localhost", format!("sslmode=verify-ca&{ca}"), "has expired"),
        ("expired", "localhost", format!("sslmode=prefer&{ca}"), "has expired"),
        (
            "self-signed",
            "localhost",
            format!("sslmode=verify-ca&{ca}"),
            "sslrootcert=/path/to/server.crt",
        ),
        ("version-1", "localhost", format!("sslmode=verify-ca&{ca}"), "version 1"),
        (
            "localhost",
            "localhost",
            format!("sslmode=verify-full&{own}"),
            "sslrootcert=/path/to/ca.pem",
        ),
        // By the server's own certificate.
        ("self-signed", "localhost", format!("sslmode=verify-full&{own}"), STARTS),
        ("self-signed", "127.0.0.1", format!("sslmode=verify-ca&{own}"), STARTS),
        ("self-signed", "127.0.0.1", format!("sslmode=verify-full&{own}"), "for another host"),
        ("version-1", "localhost", format!("sslmode=verify-full&{old}"), STARTS),
        // Without any means to verify the server.
        ("self-signed", "localhost", "sslmode=verify-full".to_owned(), "sslrootcert=/path/to/"),
        ("self-signed", "localhost", "sslmode=verify-ca".to_owned(), "sslrootcert=/path/to/"),
        ("self-signed", "localhost", "sslrootcert=system".to_owned(), "sslrootcert=/path/to/"),
        (
            "localhost",
            "localhost",
            "sslmode=verify-ca&sslrootcert=/nowhere.pem".to_owned(),
            "cannot read sslrootcert",
        ),
        (
            "localhost",
            "localhost",
            format!("sslmode=verify-ca&{}", trust("README.md")),
            "no certificate",
        ),
    ] {
        let server = Server::OverTls(certificate, error("57P03", STARTS));
        let (said, may_pass) = failure(server, host, &query).await;
        assert!(said.contains(expected), "{certificate} {host} {query}: {said}");
        assert_eq!(may_pass, expected == STARTS, "{certificate} {host} {query}: {said}");
    }
}

/// On other machines, no data is sent to a server that doesn't prove its identity.
#[tokio::test]
async fn password_is_not_sent_to_an_unverified_remote_server() {
    let asks = ASKS_FOR_PASSWORD.to_vec();
    let server = Server::OverTls("self-signed", asks.clone());
    let (said, may_pass) = failure(server, "0.0.0.0", "").await;
    assert!(!may_pass && said.contains("add sslmode=require"), "{said}");
    assert!(said.contains("sslrootcert=/path/to/"), "{said}");
    for query in ["", "channel_binding=disable", "sslmode=require", "sslmode=verify-full"] {
        let (said, may_pass) = failure(Server::Says(asks.clone()), "0.0.0.0", query).await;
        assert!(!may_pass && said.contains("sslmode=disable"), "{query}: {said}");
    }
}
