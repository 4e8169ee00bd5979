//! Why there is no connection: a server that is not there now, or a mistake that no waiting corrects.

use std::{error::Error as _, io};

use diesel::ConnectionError;
use rustls::{AlertDescription, CertificateError};
use tokio_postgres::{
    Error,
    error::{DbError, SqlState},
};

use crate::storage::url::PostgresUrl;

/// Why there is no connection.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    /// What happened, and what to do about it.
    message: String,
    /// Whether something else than PostgreSQL may be there.
    pub(super) is_odd: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It may pass.
    Outage,
    /// The connection was lost while TLS began. It may pass.
    TlsLost,
    /// The server has a certificate that is not trusted.
    Certificate,
    /// There is no TLS with this server.
    NoTls,
    /// The server accepts the role in another way, or from elsewhere.
    NotAllowed,
    /// The authentication does not rule out a machine in between.
    NotBound,
    /// Something else that has to be corrected.
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

    /// Something else than PostgreSQL may be there.
    pub(super) fn odd(self) -> Self {
        Self { is_odd: true, ..self }
    }

    fn new(kind: Kind, message: String) -> Self {
        Self { kind, message, is_odd: false }
    }

    /// Neither the certificate nor the authentication proves who the server is.
    pub(super) fn unproven(certificate: &Self) -> Self {
        let message = format!(
            "{}. Another machine could pretend to be the database, and the server does not prove with the password \
             that it is the right one (SCRAM with channel binding). To accept any certificate all the same, add \
             sslmode=require",
            certificate.message
        );
        Self::new(Kind::Mistake, message)
    }

    /// Tells a mistake from an outage, and names what to do.
    pub(super) fn of(error: &Error, url: &PostgresUrl) -> Self {
        if let Some(said) = error.as_db_error() {
            return of_server(said, url);
        }
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        match error.to_string().as_str() {
            "invalid configuration" if source.contains("password") => Self::mistake(
                "the server asks for a password, and the URL has none: write \
                 postgres://user:password@host/database",
            ),
            "authentication error" if source.contains("channel binding") => Self::new(
                Kind::NotBound,
                "the server does not support channel binding (SCRAM over TLS), which channel_binding=require asks for: \
                 set password_encryption = scram-sha-256 there and the role's password again, or remove it"
                    .to_owned(),
            ),
            "authentication error" => Self::mistake(format!(
                "the server can't be authenticated with: {source}: passwords (scram-sha-256, md5, password) and client \
                 certificates are supported (pg_hba.conf)"
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

pub(super) const NOT_POSTGRES: &str = "what listens at this host and port does not speak PostgreSQL's protocol: check host and port (PostgreSQL listens on \
     5432 by default)";

pub(super) const NOT_DIRECT: &str = "the server ends the connection when TLS begins without a request for it: \
     sslnegotiation=direct needs PostgreSQL 17 or newer with ssl = on: remove it from the URL";

impl From<Failure> for ConnectionError {
    fn from(failure: Failure) -> Self {
        if failure.kind.may_pass() {
            Self::BadConnection(failure.message)
        } else {
            Self::InvalidConnectionUrl(failure.message)
        }
    }
}

/// What the server says of itself, and what to do about it.
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
            "check user and password in the URL; special characters are percent-encoded (@ as %40, % as %25)"
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
            "PgBouncer refuses the parameter options: remove options, schema, and search_path from the URL, or add it to \
             ignore_startup_parameters there"
                .to_owned(),
        );
    }
    if has("SSL required") || has("TLS required") {
        return mistake("add sslmode=require to the URL".to_owned());
    }
    if has("no such user") || has("Tenant or user not found") || has("Endpoint ID is not specified")
    {
        return mistake("check user and host in the URL with what the provider shows".to_owned());
    }
    // Classes 0A (not supported), 22 (data), 28 (authorization), 42 (names and rights).
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
        "the server accepts this role over TLS only, or not from here: write sslmode=require, or allow it in pg_hba.conf"
            .to_owned()
    } else if has("SSL encryption") || has("SSL on") {
        "the server does not accept this role over TLS, or not from here: allow it in pg_hba.conf, or write \
         sslmode=disable if the network can be trusted"
            .to_owned()
    } else if has("Peer authentication") || has("Ident authentication") {
        "the server compares the role with the user that this runs as: name that user in the URL, or connect over TCP with \
         a password (localhost in the URL)"
            .to_owned()
    } else if has("client certificate") || has("certificate authentication") {
        "name a certificate for this role with sslcert and sslkey".to_owned()
    } else {
        "check the user in the URL, and pg_hba.conf of the server".to_owned()
    }
}

fn of_tls(error: &Error, source: &str) -> Failure {
    if source.contains("does not support TLS") {
        let message = "the server does not offer TLS: enable it there (ssl = on), or write sslmode=disable if the network \
             between can be trusted";
        return Failure::new(Kind::NoTls, message.to_owned()).odd();
    }
    let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    let inner =
        io.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match (inner, io) {
        (Some(rustls::Error::InvalidCertificate(problem)), _) => Failure::new(
            Kind::Certificate,
            format!("the certificate of the database is not accepted: {}", of_certificate(problem)),
        ),
        (Some(rustls::Error::AlertReceived(alert)), _) => {
            Failure::new(Kind::NoTls, of_alert(*alert))
        }
        (Some(rustls::Error::InvalidMessage(_)), _) => Failure::mistake(NOT_POSTGRES),
        (Some(problem), _) => Failure::new(
            Kind::NoTls,
            format!("there is no TLS with this server: {problem}: TLS 1.2 or 1.3 is needed there"),
        ),
        (None, Some(io)) if io.kind() == io::ErrorKind::InvalidInput => Failure::mistake(format!(
            "the host of the URL is no name that a certificate can have: {source}"
        )),
        (None, _) => {
            let message = format!("the connection was lost while TLS began: {source}");
            Failure::new(Kind::TlsLost, message).odd()
        }
    }
}

/// There is no connection at all. A folder of sockets may be created together with the server, so its absence may pass.
fn of_socket(error: &Error, source: &str) -> Failure {
    let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    match io.map(io::Error::kind) {
        Some(io::ErrorKind::NotADirectory) => Failure::mistake(
            "the host of the URL is a file: write the folder of the server's socket, as in ?host=/var/run/postgresql",
        ),
        Some(io::ErrorKind::PermissionDenied) => Failure::mistake(format!(
            "no connection: {source}: the user that this runs as may not use the server's socket: see \
             unix_socket_permissions and unix_socket_group of the server, or connect over TCP (localhost in the URL)"
        )),
        _ => Failure::outage(format!(
            "no connection: {source}: check that PostgreSQL runs and listens there, and host and port of the URL"
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
            "the server does not accept the client certificate, or asks for one that is missing: name one that its \
             authority (ssl_ca_file) has issued with sslcert and sslkey"
                .to_owned()
        }
        alert => format!("the server refuses TLS ({alert:?}): TLS 1.2 or 1.3 is needed there"),
    }
}

fn of_certificate(problem: &CertificateError) -> String {
    match problem {
        CertificateError::UnknownIssuer => {
            "its authority is not known here: name the file of the authority's certificate, or of the server's own, with \
             sslrootcert=/path/to/ca.pem"
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another host: write the host that it is for into the URL, or sslmode=verify-ca with sslrootcert to \
             verify its authority only"
                .to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired: renew it on the server".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet: check the clocks of both machines".to_owned()
        }
        problem if format!("{problem:?}").contains("CaUsedAsEndEntity") => {
            "it is self-signed, or that of an authority: to trust it, name a copy of it with \
             sslrootcert=/path/to/server.crt"
                .to_owned()
        }
        problem if format!("{problem:?}").contains("UnsupportedCertVersion") => {
            "it is of X.509 version 1: issue one of version 3 (openssl x509 -req with -copy_extensions or -extfile), or \
             name a copy of it with sslrootcert=/path/to/server.crt"
                .to_owned()
        }
        problem => format!("{problem}: name its authority with sslrootcert=/path/to/ca.pem"),
    }
}
