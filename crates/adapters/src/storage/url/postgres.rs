//! The parts of a PostgreSQL URL. A password may contain special characters that are not percent-encoded, so the
//! parts are located from the end: the hosts follow the last `@`.

use std::{borrow::Cow, fmt};

use percent_encoding::percent_decode_str;
use tokio_postgres::{Config, config::ChannelBinding};

use super::{
    InvalidDatabaseUrl,
    hosts::{Endpoint, Hosts, Place, host_and_port},
    parameters::{self, Roots, Security, SslMode},
};

const INVALID: fn(&'static str) -> InvalidDatabaseUrl = InvalidDatabaseUrl::Postgres;

/// The URL of a PostgreSQL server.
#[derive(Clone)]
pub struct PostgresUrl {
    /// The servers, in the order in which to try them.
    pub(crate) endpoints: Vec<Endpoint>,
    /// The settings of all servers, without hosts.
    pub(crate) settings: Config,
    pub(crate) security: Security,
    /// The parameters without effect, by their names in [`parameters`].
    ignored: Vec<&'static str>,
}

/// How a connection to one server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protection {
    /// No protection.
    Clear,
    /// None, or TLS if the server requires it.
    ClearFirst(Check),
    /// TLS if the server offers it.
    TlsFirst(Check),
    /// TLS.
    Tls(Check),
    /// TLS, with a trusted certificate, or else with one that the authentication is bound to.
    TlsTrustedOrBound,
}

/// What is verified in a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    Nothing,
    Authority,
    AuthorityAndHost,
}

impl PostgresUrl {
    /// Returns the driver's settings for one of the servers.
    pub(crate) fn settings_for(&self, endpoint: &Endpoint) -> Config {
        let mut config = self.settings.clone();
        match &endpoint.place {
            Place::Host(name) => config.host(name.clone()),
            Place::Socket(folder) => config.host_path(folder),
        };
        if let Some(address) = endpoint.address {
            config.hostaddr(address);
        }
        config.port(endpoint.port);
        config
    }

    pub(crate) fn protection(&self, endpoint: &Endpoint) -> Protection {
        let file = matches!(self.security.roots, Some(Roots::File(_)));
        let weak = if file { Check::Authority } else { Check::Nothing };
        match self.security.mode {
            _ if matches!(endpoint.place, Place::Socket(_)) => Protection::Clear,
            Some(SslMode::Disable) => Protection::Clear,
            Some(SslMode::Allow) => Protection::ClearFirst(weak),
            Some(SslMode::Prefer) => Protection::TlsFirst(weak),
            Some(SslMode::Require) => Protection::Tls(weak),
            // Any public authority would be accepted, so without a file of authorities the host is verified as
            // well.
            Some(SslMode::VerifyCa) if file => Protection::Tls(Check::Authority),
            Some(SslMode::VerifyCa | SslMode::VerifyFull) => {
                Protection::Tls(Check::AuthorityAndHost)
            }
            None if self.security.roots.is_some() => Protection::Tls(Check::AuthorityAndHost),
            None if endpoint.is_local() && self.security.direct => Protection::Tls(Check::Nothing),
            None if endpoint.is_local() => Protection::TlsFirst(Check::Nothing),
            // Without channel binding, only the certificate proves the server's identity.
            None if self.settings.get_channel_binding() == ChannelBinding::Disable => {
                Protection::Tls(Check::AuthorityAndHost)
            }
            None => Protection::TlsTrustedOrBound,
        }
    }

    /// Returns a phrase for the weakest protection among the connections to the hosts of the URL.
    pub(super) fn protection_in_words(&self) -> &'static str {
        let rank = |protection: &Protection| match protection {
            Protection::Clear => 0,
            Protection::ClearFirst(_) => 1,
            Protection::TlsFirst(_) => 2,
            Protection::Tls(Check::Nothing) => 3,
            Protection::Tls(Check::Authority) => 4,
            Protection::TlsTrustedOrBound => 5,
            Protection::Tls(Check::AuthorityAndHost) => 6,
        };
        let sockets =
            self.endpoints.iter().all(|endpoint| matches!(endpoint.place, Place::Socket(_)));
        let protections = self.endpoints.iter().map(|endpoint| self.protection(endpoint));
        match protections.min_by_key(rank) {
            _ if sockets => "over a Unix socket",
            None | Some(Protection::Clear) => "without TLS",
            Some(Protection::ClearFirst(_)) => "without TLS, unless the server requires it",
            Some(Protection::TlsFirst(_)) => "over TLS if the server offers it",
            Some(Protection::Tls(Check::Nothing)) => "over TLS, with any certificate",
            Some(Protection::Tls(Check::Authority)) => {
                "over TLS, with the certificate authority verified"
            }
            Some(Protection::TlsTrustedOrBound) => {
                "over TLS, with the certificate verified or bound to the password"
            }
            Some(Protection::Tls(Check::AuthorityAndHost)) => {
                "over TLS, with certificate authority and host verified"
            }
        }
    }

    pub(super) fn is_exposed(&self) -> bool {
        self.endpoints.iter().any(|endpoint| {
            !endpoint.is_local()
                && match self.protection(endpoint) {
                    Protection::Clear | Protection::ClearFirst(_) | Protection::TlsFirst(_) => true,
                    Protection::Tls(check) => check == Check::Nothing,
                    Protection::TlsTrustedOrBound => false,
                }
        })
    }

    pub(super) fn ignored(&self) -> &[&'static str] {
        &self.ignored
    }

    /// Returns the role that the URL names, for messages.
    pub(crate) fn user(&self) -> &str {
        self.settings.get_user().unwrap_or("the operating system's user")
    }

    pub(crate) fn database(&self) -> &str {
        self.settings.get_dbname().or(self.settings.get_user()).unwrap_or_default()
    }

    pub(super) fn is_same_database(&self, other: &Self) -> bool {
        self.endpoints == other.endpoints
            && self.database() == other.database()
            && self.settings.get_options() == other.settings.get_options()
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.endpoints.iter().map(|endpoint| match &endpoint.place {
            Place::Host(name) if name.contains(':') => format!("[{name}]"),
            Place::Host(name) => name.clone(),
            Place::Socket(folder) => folder.display().to_string(),
        });
        let hosts = hosts.collect::<Vec<_>>().join(",");
        write!(f, "postgres://{hosts}/{}", self.settings.get_dbname().unwrap_or_default())
    }
}

/// Formats the URL without its secrets.
impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Parses the text after `postgres:`.
pub(super) fn parse(rest: &str) -> Result<PostgresUrl, InvalidDatabaseUrl> {
    let text = rest
        .strip_prefix("//")
        .ok_or(INVALID("// is missing; a URL looks like postgres://user:password@host/database"))?;
    if text.contains(char::is_control) {
        return Err(INVALID("it contains a line feed or another control character"));
    }
    let parts = Parts::of(text)?;
    let mut settings = Config::new();
    if let Some(credentials) = parts.credentials {
        let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
        if !user.is_empty() {
            settings.user(decoded(user)?);
        }
        if !password.is_empty() {
            settings.password(percent_decode_str(password).collect::<Vec<u8>>());
        }
    }
    let database = parts.database.strip_suffix('/').unwrap_or(parts.database);
    if database.contains('/') {
        return Err(INVALID(
            "the database name contains a /: write the folder of a socket as \
             ?host=/var/run/postgresql, and a / in a name as %2F",
        ));
    }
    if database.contains(['?', '#', '&', ';', '=', ':']) {
        return Err(INVALID(
            "parameters are written as ?name=value&name=value, and special characters in the database name \
             are percent-encoded, such as %23 for #",
        ));
    }
    if !database.is_empty() {
        settings.dbname(decoded(database)?);
    }
    let mut hosts = Hosts::default();
    for host in parts.hosts.split(',').filter(|_| !parts.hosts.is_empty()) {
        let (host, port) = host_and_port(host).ok_or(INVALID(NO_HOST))?;
        hosts.names.push(decoded(host)?);
        hosts.ports.push(port.to_owned());
    }
    let (query, names_are_public) = (parts.query, parts.names_are_public);
    let (security, ignored) =
        parameters::apply(query, names_are_public, &mut settings, &mut hosts)?;
    let endpoints = hosts.endpoints()?;
    parameters::complete(&mut settings, endpoints.len());
    Ok(PostgresUrl { endpoints, settings, security, ignored })
}

const NO_HOST: &str = "the host or port is invalid: percent-encode special characters in the user and the password \
     (@ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25), write a port as a number, and an IPv6 \
     address in brackets";

/// The parts of a URL.
struct Parts<'a> {
    credentials: Option<&'a str>,
    hosts: &'a str,
    database: &'a str,
    query: &'a str,
    /// Whether error messages may contain parameter names, because no part of a password can be there.
    names_are_public: bool,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, InvalidDatabaseUrl> {
        let marks = text.match_indices('?').map(|(index, _)| index);
        let ends = marks.chain([text.len()]);
        let found = ends.filter_map(|end| Self::before(text, end)).next();
        found.ok_or(INVALID(NO_HOST))
    }

    /// Returns the parts if the query may begin at `end`.
    fn before(text: &'a str, end: usize) -> Option<Self> {
        let (before, query) = text.split_at_checked(end)?;
        let query = query.strip_prefix('?').unwrap_or(query);
        let (credentials, place) = match before.rsplit_once('@') {
            Some((credentials, place)) => (Some(credentials), place),
            None => (None, before),
        };
        let (hosts, database) = place.split_once('/').unwrap_or((place, ""));
        let is_plausible = is_query(query)
            && hosts.split(',').all(|host| host_and_port(host).is_some())
            // Otherwise, it is most likely a password that contains a `?`.
            && (is_known(query) || !query.contains('@'))
            // A password given as a parameter, with an `@` in it.
            && !credentials.is_some_and(has_parameter);
        let has_password = query.to_ascii_lowercase().contains("password");
        let names_are_public = credentials.is_some() && !query.contains('@') && !has_password;
        is_plausible.then_some(Self { credentials, hosts, database, query, names_are_public })
    }
}

/// Returns `true` if the text looks like `name=value&name=value`.
fn is_query(text: &str) -> bool {
    let is_name = |name: &str| {
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        !name.is_empty() && name.chars().all(named)
    };
    let mut pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.all(|pair| pair.split_once('=').is_some_and(|(name, _)| is_name(name)))
}

fn is_known(query: &str) -> bool {
    let mut pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.all(|pair| pair.split_once('=').is_some_and(|(name, _)| parameters::is_known(name)))
}

/// Returns `true` if a `?` is followed by the name of a parameter.
fn has_parameter(text: &str) -> bool {
    let mut behind = text.split('?').skip(1).filter_map(|part| part.split_once('='));
    behind.any(|(name, _)| parameters::is_known(name))
}

fn decoded(text: &str) -> Result<String, InvalidDatabaseUrl> {
    let text = percent_decode_str(text).decode_utf8().map(Cow::into_owned);
    let text = text.map_err(|_| INVALID("the percent-encoded bytes are not UTF-8"))?;
    if text.contains(char::is_control) {
        return Err(INVALID("it contains a percent-encoded control character"));
    }
    Ok(text)
}
