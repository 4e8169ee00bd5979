//! The servers in a PostgreSQL URL.

use std::{
    net::{IpAddr, Ipv6Addr},
    path::PathBuf,
};

use super::InvalidDatabaseUrl;

/// The folders of PostgreSQL's socket: on Debian and similar systems, and when built from source.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// One server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) place: Place,
    /// The IP address of the host. If it is set, the host name is not resolved.
    pub(crate) address: Option<IpAddr>,
    pub(crate) port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A host name or an IP address.
    Host(String),
    /// The folder of a Unix socket.
    Socket(PathBuf),
}

impl Endpoint {
    /// Returns `true` if the traffic doesn't leave this machine.
    pub(crate) fn is_local(&self) -> bool {
        match (&self.place, self.address) {
            (Place::Socket(_), _) => true,
            (Place::Host(_), Some(address)) => address.to_canonical().is_loopback(),
            (Place::Host(name), None) => {
                let name = name.trim_end_matches('.');
                name.eq_ignore_ascii_case("localhost")
                    || name.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback())
            }
        }
    }
}

/// The hosts, addresses, and ports as written, before they are combined.
#[derive(Default)]
pub(super) struct Hosts {
    pub(super) names: Vec<String>,
    pub(super) addresses: Vec<String>,
    pub(super) ports: Vec<String>,
}

impl Hosts {
    pub(super) fn endpoints(self) -> Result<Vec<Endpoint>, InvalidDatabaseUrl> {
        let Self { mut names, addresses, ports } = self;
        if names.iter().all(String::is_empty) {
            names = match (&*addresses, names.len()) {
                ([], 0 | 1) => SOCKET_FOLDERS.map(ToOwned::to_owned).into(),
                _ => addresses.clone(),
            };
        }
        if names.iter().any(String::is_empty) {
            return Err(InvalidDatabaseUrl::Postgres("one of the hosts is empty"));
        }
        if ![0, names.len()].contains(&addresses.len())
            || ![0, 1, names.len()].contains(&ports.len())
        {
            return Err(InvalidDatabaseUrl::Postgres(
                "the number of ports and addresses must match the number of hosts",
            ));
        }
        if let Some(problem) = names.iter().find_map(|name| unusable(name)) {
            return Err(InvalidDatabaseUrl::Postgres(problem));
        }
        let of = |list: &[String], index| list.get(index).or(list.first()).cloned();
        let endpoints = names.iter().enumerate().map(|(index, name)| {
            let place = if name.starts_with('/') {
                Place::Socket(name.into())
            } else {
                Place::Host(name.clone())
            };
            let address = of(&addresses, index).filter(|text| !text.is_empty());
            let address = address.map(|text| text.parse::<IpAddr>()).transpose();
            let port = of(&ports, index).filter(|text| !text.is_empty());
            let port = port.map_or(Ok(5432), |text| text.parse::<u16>());
            Ok(Endpoint {
                place,
                address: address
                    .map_err(|_| InvalidDatabaseUrl::Postgres("hostaddr must be an IP address"))?,
                port: port.ok().filter(|port| *port > 0).ok_or(InvalidDatabaseUrl::Postgres(
                    "a port must be a number from 1 to 65535",
                ))?,
            })
        });
        endpoints.collect()
    }
}

/// Returns why a text can't be a host. `None` if it can.
fn unusable(name: &str) -> Option<&'static str> {
    if name.starts_with('/') {
        let file = name.rsplit('/').next().unwrap_or_default();
        let is_socket = file.starts_with(".s.PGSQL.");
        return is_socket.then_some(
            "the host is the file of a socket: use the folder of that file, and the number at its end as the port, \
             for example ?host=/var/run/postgresql&port=5432",
        );
    }
    if name.starts_with('@') {
        return Some(
            "the host is an abstract socket (@), which is not supported: use the folder of a socket \
             (unix_socket_directories of the server), for example ?host=/var/run/postgresql, or localhost",
        );
    }
    let address = name.split_once('%').map_or(name, |(address, _zone)| address);
    let named = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_host = name.chars().all(named) || address.parse::<Ipv6Addr>().is_ok();
    (!is_host).then_some(
        "one of the hosts is neither a name nor an IP address: write host=db.example and port=5432 separately, an IPv6 \
         address without brackets, and the folder of a socket as an absolute path",
    )
}

/// Splits a text into a host and its port; `None` if it is neither.
pub(super) fn host_and_port(text: &str) -> Option<(&str, &str)> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        host.parse::<Ipv6Addr>().ok()?;
        (host, port.strip_prefix(':').or_else(|| port.is_empty().then_some(""))?)
    } else {
        let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
        let named = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '%');
        if !host.chars().all(named) {
            return None;
        }
        (host, port)
    };
    port.chars().all(|c| c.is_ascii_digit()).then_some((host, port))
}
