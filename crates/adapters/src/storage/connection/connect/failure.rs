//! Why a connection failed: the server is unavailable now, or a mistake that a retry can't fix.

use std::{error::Error as _, io};

use diesel::ConnectionError;
use rustls::{AlertDescription, CertificateError};
use tokio_postgres::{
    Error,
    error::{DbError, SqlState},
};

use crate::storage::url::PostgresUrl;

/// Why a connection failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    /// What failed, and what to do about it.
    message: String,
    /// Whether the server at the other end might not be PostgreSQL.
    pub(super) is_odd: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The server is unavailable. A retry may succeed.
    Outage,
    /// The connection was lost during the TLS handshake. A retry may succeed.
    TlsLost,
    /// The server's certificate is not trusted.
    Certificate,
    /// The server doesn't offer usable TLS.
    NoTls,
    /// The server accepts the role only with another protection, authentication, or source address.
    NotAllowed,
    /// The authentication doesn't rule out a machine-in-the-middle.
    NotBound,
    /// Any other mistake that must be fixed.
    Mistake,
}

impl Kind {
    pub(super) fn may_pass(self) -> bool {
        matches!(self, Self::Outage | Self::TlsLost)
    }
}

impl Failure {
    pub(super) fn mistake(message: impl Into<String>) -> Self {
        Self::new(Kind::Mistake, message.into())
    }

    pub(super) fn outage(message: impl Into<String>) -> Self {
        Self::new(Kind::Outage, message.into())
    }

    /// Marks that the server at the other end might not be PostgreSQL.
    pub(super) fn odd(self) -> Self {
        Self { is_odd: true, ..self }
    }

    fn new(kind: Kind, message: String) -> Self {
        Self { kind, message, is_odd: false }
    }

    /// Creates the error for a server whose identity neither its certificate nor the authentication proves.
    pub(super) fn unproven(certificate: &Self) -> Self {
        let message = format!(
            "{}. Another machine could pretend to be the database, and the server does not prove its identity with the \
             password either (SCRAM with channel binding). To accept any certificate anyway, add \
             sslmode=require",
            certificate.message
        );
        Self::new(Kind::Mistake, message)
    }

    /// Distinguishes a mistake from an outage, and adds advice.
    pub(super) fn of(error: &Error, url: &PostgresUrl) -> Self {
        if let Some(said) = error.as_db_error() {
            return of_server(said, url);
        }
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        match error.to_string().as_str() {
            "invalid configuration" if source.contains("password") => Self::mistake(
                "the server requires a password, and the URL has none: use \
                 postgres://user:password@host/database",
            ),
            "authentication error" if source.contains("channel binding") => Self::new(
                Kind::NotBound,
                "channel_binding=require is set, but the server does not support channel binding (SCRAM over TLS): set \
                 password_encryption = scram-sha-256 on the server and set the role's password again, or remove the parameter"
                    .to_owned(),
            ),
            "authentication error" => Self::mistake(format!(
                "cannot authenticate to the server: {source}: supported are passwords (scram-sha-256, md5, password) and client \
                 certificates (pg_hba.conf)"
            )),
            "error performing TLS handshake" => of_tls(error, &source),
            "error parsing response from server" | "unexpected message from server" => {
                Self::mistake(NOT_POSTGRES)
            }
            "error connecting to server" => of_socket(error, &source),
            what => {
                let colon = if source.is_empty() { "" } else { ": " };
                let is_odd =
                    matches!(what, "connection closed" | "error communicating with the server");
                Self { is_odd, ..Self::outage(format!("{what}{colon}{source}")) }
            }
        }
    }
}

pub(super) const NOT_POSTGRES: &str = "the service at this host and port is not PostgreSQL: check host and port (PostgreSQL listens on \
     5432 by default)";

pub(super) const NOT_DIRECT: &str = "the server closes the connection when TLS starts directly: \
     sslnegotiation=direct requires PostgreSQL 17 or newer with ssl = on; remove it from the URL";

impl From<Failure> for ConnectionError {
    fn from(failure: Failure) -> Self {
        if failure.kind.may_pass() {
            Self::BadConnection(failure.message)
        } else {
            Self::InvalidConnectionUrl(failure.message)
        }
    }
}

/// Converts an error that the server reported, and adds advice.
fn of_server(said: &DbError, url: &PostgresUrl) -> Failure {
    let (user, database, message) = (url.user(), url.database(), said.message());
    let has = |text: &str| message.contains(text);
    let mistake = |advice: String| Failure::mistake(format!("{message}: {advice}"));
    let code = said.code();
    if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        return Failure::new(
            Kind::NotAllowed,
            format!("{message}: {}", not_allowed(message, user)),
        );
    }
    if *code == SqlState::INVALID_PASSWORD || has("authentication failed") {
        return mistake(
            "check user and password in the URL; special characters must be percent-encoded (@ as %40, % as %25)"
                .to_owned(),
        );
    }
    if *code == SqlState::INVALID_CATALOG_NAME
        || has("no such database")
        || (has("database \"") && has("\" does not exist"))
    {
        return mistake(format!(
            "create it with: createdb --encoding=UTF8 --template=template0 --owner={user} {database}"
        ));
    }
    if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        return mistake(format!("GRANT CONNECT ON DATABASE \"{database}\" TO \"{user}\""));
    }
    if has("unsupported startup parameter") || has("unsupported options startup parameter") {
        return mistake(
            "PgBouncer rejects the parameter options: remove options, schema, and search_path from the URL, or add it to \
             ignore_startup_parameters of PgBouncer"
                .to_owned(),
        );
    }
    if has("SSL required") || has("TLS required") {
        return mistake("add sslmode=require to the URL".to_owned());
    }
    if has("no such user") || has("Tenant or user not found") || has("Endpoint ID is not specified")
    {
        return mistake(
            "compare user and host in the URL with the values that the provider shows".to_owned(),
        );
    }
    // Classes 0A (not supported), 22 (data), 28 (authorization), 42 (syntax or access rule).
    if ["0A", "22", "28", "42"].iter().any(|class| code.code().starts_with(class)) {
        return mistake("check the parameters of the URL".to_owned());
    }
    Failure::outage(message)
}

fn not_allowed(message: &str, user: &str) -> String {
    let has = |text: &str| message.contains(text);
    if has("does not exist") {
        format!("create it with: createuser --pwprompt {user}, or check the user in the URL")
    } else if has("not permitted to log in") {
        format!("ALTER ROLE \"{user}\" LOGIN")
    } else if has("no encryption") || has("SSL off") {
        "the server accepts this role only over TLS, or not from this machine: use sslmode=require, or allow it in pg_hba.conf"
            .to_owned()
    } else if has("SSL encryption") || has("SSL on") {
        "the server does not accept this role over TLS, or not from this machine: allow it in pg_hba.conf, or use \
         sslmode=disable if the network can be trusted"
            .to_owned()
    } else if has("Peer authentication") || has("Ident authentication") {
        "the server requires the role to match the user that this process runs as: set that user in the URL, or connect \
         over TCP with a password (localhost in the URL)"
            .to_owned()
    } else if has("client certificate") || has("certificate authentication") {
        "set a certificate for this role with sslcert and sslkey".to_owned()
    } else {
        "check the user in the URL, and pg_hba.conf of the server".to_owned()
    }
}

fn of_tls(error: &Error, source: &str) -> Failure {
    if source.contains("does not support TLS") {
        let message = "the server does not offer TLS: enable it there (ssl = on), or use sslmode=disable if the network \
             is trusted";
        return Failure::new(Kind::NoTls, message.to_owned()).odd();
    }
    let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    let inner =
        io.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match (inner, io) {
        (Some(rustls::Error::InvalidCertificate(problem)), _) => Failure::new(
            Kind::Certificate,
            format!("cannot accept the certificate of the database: {}", of_certificate(problem)),
        ),
        (Some(rustls::Error::AlertReceived(alert)), _) => {
            Failure::new(Kind::NoTls, of_alert(*alert))
        }
        (Some(rustls::Error::InvalidMessage(_)), _) => Failure::mistake(NOT_POSTGRES),
        (Some(problem), _) => Failure::new(
            Kind::NoTls,
            format!(
                "cannot use TLS with this server: {problem}: the server must support TLS 1.2 or 1.3"
            ),
        ),
        (None, Some(io)) if io.kind() == io::ErrorKind::InvalidInput => Failure::mistake(format!(
            "the host in the URL is not a name that a certificate can contain: {source}"
        )),
        (None, _) => {
            let message = format!("the connection was lost during the TLS handshake: {source}");
            Failure::new(Kind::TlsLost, message).odd()
        }
    }
}

/// Converts an error of the socket. The folder of a Unix socket may be created when the server starts, so its
/// absence may be temporary.
fn of_socket(error: &Error, source: &str) -> Failure {
    let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    match io.map(io::Error::kind) {
        Some(io::ErrorKind::NotADirectory) => Failure::mistake(
            "the host in the URL is a file: use the folder of the server's socket, for example ?host=/var/run/postgresql",
        ),
        Some(io::ErrorKind::PermissionDenied) => Failure::mistake(format!(
            "cannot connect: {source}: the user running this process may not use the server's socket: see \
             unix_socket_permissions and unix_socket_group of the server, or connect over TCP (localhost in the URL)"
        )),
        _ => Failure::outage(format!(
            "cannot connect: {source}: check host and port in the URL, and that PostgreSQL is running and listens there"
        )),
    }
}

fn of_alert(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::CertificateRequired
        | AlertDescription::UnknownCA
        | AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::DecryptError
        | AlertDescription::CertificateExpired => {
            "the server rejects the client certificate, or requires one and none is set: set one that its \
             authority (ssl_ca_file) has issued with sslcert and sslkey"
                .to_owned()
        }
        alert => format!("the server rejects TLS ({alert:?}): it must support TLS 1.2 or 1.3"),
    }
}

fn of_certificate(problem: &CertificateError) -> String {
    match problem {
        CertificateError::UnknownIssuer => {
            "its authority is not trusted: set sslrootcert=/path/to/ca.pem to the certificate of the authority, or to the \
             server's own"
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another host: use the host in the certificate in the URL, or set sslmode=verify-ca and sslrootcert to \
             verify only its authority"
                .to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired: renew it on the server".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet: check the clocks of both machines".to_owned()
        }
        problem if format!("{problem:?}").contains("CaUsedAsEndEntity") => {
            "it is self-signed, or a certificate of an authority: to trust it, set sslrootcert=/path/to/server.crt \
             to a copy of it"
                .to_owned()
        }
        problem if format!("{problem:?}").contains("UnsupportedCertVersion") => {
            "it has X.509 version 1: issue one with version 3 (openssl x509 -req with -copy_extensions or -extfile), or \
             set sslrootcert=/path/to/server.crt to a copy of it"
                .to_owned()
        }
        problem => format!("{problem}: set sslrootcert=/path/to/ca.pem to its authority"),
    }
}
