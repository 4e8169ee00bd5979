//! The parameters of a PostgreSQL URL: those of libpq, and those that other drivers and providers add.
//!
//! A parameter with one clear meaning is accepted, one without effect is ignored, and any other is rejected by
//! name.

mod names;
mod tls;

use std::{path::PathBuf, time::Duration};

use percent_encoding::percent_decode_str;
use tokio_postgres::{
    Config,
    config::{LoadBalanceHosts, TargetSessionAttrs},
};

pub(super) use self::names::is_known;
use self::names::{ACCEPTED, IGNORED, REFUSED, canonical};
use super::{InvalidDatabaseUrl, hosts::Hosts};

/// How long a server may be silent before its connection is probed and closed.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(10);

/// The default time limit for establishing a connection to PostgreSQL.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The application name of each connection in `pg_stat_activity`, or its prefix.
pub(crate) const APPLICATION_NAME: &str = "doorward";

/// The modes in which libpq protects connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// The certificate authorities that the server's certificate is verified against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Roots {
    System,
    File(PathBuf),
}

/// The client certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientCertificate {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// The TLS settings in the URL.
#[derive(Debug, Clone, Default)]
pub(crate) struct Security {
    pub(crate) mode: Option<SslMode>,
    pub(crate) roots: Option<Roots>,
    pub(crate) client: Option<ClientCertificate>,
    /// Whether the host name is omitted from the handshake.
    pub(crate) without_sni: bool,
    /// Whether TLS starts without negotiation in PostgreSQL's protocol.
    pub(crate) direct: bool,
    pub(crate) only_tls13: bool,
}

const YES_OR_NO: &str = "the value must be 0 or 1";
const A_NUMBER: &str = "the value must be an integer";

fn wrong(name: &str, advice: &'static str) -> InvalidDatabaseUrl {
    InvalidDatabaseUrl::Parameter { name: name.to_owned(), advice }
}

/// Applies the parameters of a query to the settings and the hosts. Errors contain an unknown parameter's name only if
/// `names_are_public`: otherwise it may be a part of a password. As in libpq, the last of several parameters with the same
/// name applies, and an empty one counts as absent. Returns the TLS settings and the names of ignored parameters.
pub(super) fn apply(
    query: &str,
    names_are_public: bool,
    settings: &mut Config,
    hosts: &mut Hosts,
) -> Result<(Security, Vec<&'static str>), InvalidDatabaseUrl> {
    let mut given = Given::default();
    let mut ignored = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (written, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = canonical(written);
        if let Some((name, advice)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return Err(wrong(name, advice));
        }
        if let Some(known) = IGNORED.iter().find(|known| **known == name) {
            ignored.push(*known);
            continue;
        }
        if !ACCEPTED.contains(&&*name) {
            let advice = "it is unknown; remove it (docs/reference/configuration.md lists the supported parameters)";
            let name = if names_are_public { written } else { "after the ?" };
            return Err(wrong(name, advice));
        }
        let decoded = percent_decode_str(value).decode_utf8().ok();
        let decoded = decoded.filter(|value| !value.contains(char::is_control));
        let value = decoded.ok_or_else(|| {
            wrong(&name, "the value is not UTF-8, or contains a control character")
        })?;
        given.0.retain(|(other, _)| *other != name);
        given.0.push((name, value.into_owned()));
    }
    given.place(settings, hosts);
    given.connection(settings)?;
    given.session(settings)?;
    Ok((given.security(settings)?, ignored))
}

/// Sets the defaults of settings that are absent.
pub(super) fn complete(settings: &mut Config, hosts: usize) {
    let name = match settings.get_application_name() {
        Some(name) if !name.starts_with(APPLICATION_NAME) => format!("{APPLICATION_NAME} {name}"),
        Some(name) => name.to_owned(),
        None => APPLICATION_NAME.to_owned(),
    };
    settings.application_name(name);
    if settings.get_connect_timeout().is_none() {
        settings.connect_timeout(CONNECT_TIMEOUT);
    }
    // Detects an unreachable server within seconds instead of many minutes.
    if settings.get_keepalives_idle() == Config::new().get_keepalives_idle() {
        settings.keepalives_idle(SILENCE_TIMEOUT);
    }
    if settings.get_tcp_user_timeout().is_none() {
        settings.tcp_user_timeout(SILENCE_TIMEOUT);
    }
    // A read-only server is useless while another one may be writable.
    if hosts > 1 {
        settings.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
}

#[derive(Default)]
struct Given(Vec<(String, String)>);

impl Given {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(given, value)| given == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// Parses a value by the list of allowed ones.
    fn one_of<T: Copy>(
        &self,
        name: &str,
        values: &[(&str, T)],
        advice: &'static str,
    ) -> Result<Option<T>, InvalidDatabaseUrl> {
        let Some(given) = self.get(name) else { return Ok(None) };
        let given = given.to_ascii_lowercase().replace('_', "-");
        let found = values.iter().find(|(value, _)| *value == given);
        found.map(|(_, value)| Some(*value)).ok_or_else(|| wrong(name, advice))
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, InvalidDatabaseUrl> {
        const FLAGS: &[(&str, bool)] = &[
            ("1", true),
            ("true", true),
            ("on", true),
            ("yes", true),
            ("0", false),
            ("false", false),
            ("off", false),
            ("no", false),
        ];
        self.one_of(name, FLAGS, YES_OR_NO)
    }

    fn number(&self, name: &str) -> Result<Option<u64>, InvalidDatabaseUrl> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.trim().parse::<i64>().map_err(|_| wrong(name, A_NUMBER))?;
        // As in libpq, a number that is not positive means the default.
        Ok(u64::try_from(number).ok().filter(|number| *number > 0))
    }

    fn place(&self, settings: &mut Config, hosts: &mut Hosts) {
        let list = |text: &str| text.split(',').map(|item| item.trim().to_owned()).collect();
        if let Some(user) = self.get("user") {
            settings.user(user);
        }
        if let Some(password) = self.get("password") {
            settings.password(password);
        }
        if let Some(name) = self.get("dbname") {
            settings.dbname(name);
        }
        if let Some(names) = self.get("host") {
            hosts.names = list(names);
        }
        if let Some(addresses) = self.get("hostaddr") {
            hosts.addresses = list(addresses);
        }
        if let Some(ports) = self.get("port") {
            hosts.ports = list(ports);
        }
    }

    fn connection(&self, settings: &mut Config) -> Result<(), InvalidDatabaseUrl> {
        if let Some(seconds) = self.number("connect_timeout")? {
            settings.connect_timeout(Duration::from_secs(seconds));
        }
        if let Some(on) = self.flag("keepalives")? {
            settings.keepalives(on);
        }
        if let Some(seconds) = self.number("keepalives_idle")? {
            settings.keepalives_idle(Duration::from_secs(seconds));
        }
        if let Some(seconds) = self.number("keepalives_interval")? {
            settings.keepalives_interval(Duration::from_secs(seconds));
        }
        if let Some(count) = self.number("keepalives_count")? {
            settings.keepalives_retries(u32::try_from(count).unwrap_or(u32::MAX));
        }
        if let Some(milliseconds) = self.number("tcp_user_timeout")? {
            settings.tcp_user_timeout(Duration::from_millis(milliseconds));
        }
        let order = &[
            ("disable", LoadBalanceHosts::Disable),
            ("random", LoadBalanceHosts::Random),
            ("false", LoadBalanceHosts::Disable),
            ("true", LoadBalanceHosts::Random),
        ];
        if let Some(order) = self.one_of("load_balance_hosts", order, "use disable or random")? {
            settings.load_balance_hosts(order);
        }
        let wanted = &[
            ("any", TargetSessionAttrs::Any),
            ("read-write", TargetSessionAttrs::ReadWrite),
            ("primary", TargetSessionAttrs::ReadWrite),
            ("master", TargetSessionAttrs::ReadWrite),
        ];
        let advice = "the server must be able to write; use target_session_attrs=read-write";
        if let Some(wanted) = self.one_of("target_session_attrs", wanted, advice)? {
            settings.target_session_attrs(wanted);
        }
        Ok(())
    }

    fn session(&self, settings: &mut Config) -> Result<(), InvalidDatabaseUrl> {
        if let Some(name) = self.get("application_name") {
            settings.application_name(name);
        }
        let utf8 = ["utf8", "utf-8", "utf8mb4", "unicode", "auto"].map(|name| (name, ()));
        self.one_of("client_encoding", &utf8, "the encoding is always UTF-8; remove it")?;
        let utc = &[("utc", ()), ("etc/utc", ()), ("gmt", ()), ("0", ())];
        self.one_of("timezone", utc, "times are always in UTC; remove it")?;
        let schema = self.get("search_path").map(|schema| {
            // PostgreSQL splits options at spaces that no backslash precedes.
            format!("-c search_path={}", schema.replace('\\', "\\\\").replace(' ', "\\ "))
        });
        let options = [schema.as_deref(), self.get("options")];
        let options = options.into_iter().flatten().collect::<Vec<_>>().join(" ");
        if !options.is_empty() {
            settings.options(options);
        }
        Ok(())
    }
}
