//! Addresses that a server listens on.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::{self, PathBuf},
    str::FromStr,
};

use doorward_domain::loopback::is_localhost;
use serde::Deserialize;

/// An address that a server listens on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ListenAddress {
    /// A TCP port.
    Tcp {
        /// The host.
        host: ListenHost,
        /// The port. 0 lets the system choose one.
        port: u16,
    },
    /// A Unix domain socket, for a proxy on the same machine.
    Unix(PathBuf),
}

/// The default address.
pub(crate) const DEFAULT_LISTEN: ListenAddress =
    ListenAddress::Tcp { host: ListenHost::Ip(IpAddr::V4(Ipv4Addr::LOCALHOST)), port: 8080 };

/// The part before the port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenHost {
    /// An IP address of this machine.
    Ip(IpAddr),
    /// A host name, which is resolved when the server starts.
    Name(String),
    /// Every address of this machine, IPv6 and IPv4.
    All,
}

/// The maximum length of the path of a Unix socket (`sun_path` without the terminating zero), in bytes.
const SOCKET_PATH_MAX: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Errors returned when a text is not a valid address to listen on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidListenAddress {
    /// The port is missing.
    #[error("the port is missing: write ADDRESS:PORT, such as 127.0.0.1:8080 or 0.0.0.0:8080")]
    PortMissing,
    /// The port is not a number from 0 to 65535.
    #[error("the port must be a number from 0 to 65535")]
    Port,
    /// An IPv6 address has no brackets.
    #[error("an IPv6 address must be in brackets, such as [::1]:8080")]
    Brackets,
    /// The part before the port is neither an IP address nor a host name.
    #[error(
        "the part before the port must be an IP address or a host name, such as 127.0.0.1 or localhost"
    )]
    Host,
    /// The text is a URL.
    #[error("it must be an address, not a URL: write ADDRESS:PORT, such as 127.0.0.1:8080")]
    Url,
    /// The path is missing.
    #[error("the path of the Unix socket is missing: write unix:/run/doorward/doorward.sock")]
    Path,
    /// The text names an abstract Unix socket, which every user of the machine could connect to.
    #[error(
        "abstract Unix sockets are not supported: write the path of a file, such as \
         unix:/run/doorward/doorward.sock"
    )]
    Abstract,
    /// The path is too long for the system.
    #[error(
        "the path of the Unix socket has {0} bytes, and the limit is {SOCKET_PATH_MAX}: choose a shorter one, such \
         as unix:/run/doorward/doorward.sock"
    )]
    PathTooLong(usize),
    /// The text is a path without `unix:`.
    #[error("the path of a Unix socket must start with `unix:`: write unix:{0}")]
    PathAlone(String),
}

impl ListenAddress {
    /// Returns `true` if only clients on this machine can connect. A Unix socket is for a proxy, whose clients
    /// may be anywhere.
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Tcp { host: ListenHost::Ip(address), .. } => address.to_canonical().is_loopback(),
            Self::Tcp { host: ListenHost::Name(name), .. } => is_localhost(name),
            Self::Tcp { host: ListenHost::All, .. } | Self::Unix(_) => false,
        }
    }

    /// Returns `true` if two listeners can't have these addresses at the same time.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tcp { host, port }, Self::Tcp { host: other, port: other_port }) => {
                *port != 0 && port == other_port && host.overlaps(other)
            }
            (Self::Unix(path), Self::Unix(other)) => {
                path == other || path::absolute(path).ok() == path::absolute(other).ok()
            }
            _ => false,
        }
    }
}

impl ListenHost {
    fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => true,
            (Self::Ip(one), Self::Ip(other)) => {
                let (one, other) = (one.to_canonical(), other.to_canonical());
                // A listener on [::] accepts connections by IPv4 as well.
                let covers = |one: IpAddr, other: IpAddr| {
                    one.is_unspecified() && (one.is_ipv6() || other.is_ipv4())
                };
                one == other || covers(one, other) || covers(other, one)
            }
            (Self::Name(one), Self::Name(other)) => {
                one.trim_end_matches('.').eq_ignore_ascii_case(other.trim_end_matches('.'))
            }
            (Self::Name(name), Self::Ip(address)) | (Self::Ip(address), Self::Name(name)) => {
                let address = address.to_canonical();
                let is_first = [Ipv4Addr::LOCALHOST.into(), IpAddr::V6(Ipv6Addr::LOCALHOST)];
                address.is_unspecified() || is_localhost(name) && is_first.contains(&address)
            }
        }
    }
}

impl FromStr for ListenAddress {
    type Err = InvalidListenAddress;

    fn from_str(text: &str) -> Result<Self, InvalidListenAddress> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("unix:") {
            return socket(path.strip_prefix("//").unwrap_or(path));
        }
        if ["/", "./", "../"].iter().any(|start| text.starts_with(start)) || text.ends_with(".sock")
        {
            return Err(InvalidListenAddress::PathAlone(text.to_owned()));
        }
        if text.contains("://") {
            return Err(InvalidListenAddress::Url);
        }
        // Checked before the text is split at its last colon, which is part of such an address.
        if text.parse::<std::net::Ipv6Addr>().is_ok() {
            return Err(InvalidListenAddress::Brackets);
        }
        let (host, port) = text.rsplit_once(':').ok_or(InvalidListenAddress::PortMissing)?;
        if host.starts_with('[') != host.ends_with(']') {
            return Err(InvalidListenAddress::PortMissing);
        }
        let port = match port {
            "" => return Err(InvalidListenAddress::PortMissing),
            port if !port.bytes().all(|c| c.is_ascii_digit()) => {
                return Err(InvalidListenAddress::Port);
            }
            port => port.parse().map_err(|_| InvalidListenAddress::Port)?,
        };
        Ok(Self::Tcp { host: host.parse()?, port })
    }
}

fn socket(path: &str) -> Result<ListenAddress, InvalidListenAddress> {
    match path {
        "" => Err(InvalidListenAddress::Path),
        path if path.ends_with('/') => Err(InvalidListenAddress::Path),
        path if path.starts_with(['@', '\0']) => Err(InvalidListenAddress::Abstract),
        path if path.len() > SOCKET_PATH_MAX => Err(InvalidListenAddress::PathTooLong(path.len())),
        path => Ok(ListenAddress::Unix(path.into())),
    }
}

impl FromStr for ListenHost {
    type Err = InvalidListenAddress;

    fn from_str(text: &str) -> Result<Self, InvalidListenAddress> {
        if matches!(text, "" | "*") {
            return Ok(Self::All);
        }
        if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let address = inner.parse::<std::net::Ipv6Addr>();
            return address.map(|it| Self::Ip(it.into())).map_err(|_| InvalidListenAddress::Host);
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return if address.is_ipv6() {
                Err(InvalidListenAddress::Brackets)
            } else {
                Ok(Self::Ip(address))
            };
        }
        if text.contains(':') {
            return Err(InvalidListenAddress::Brackets);
        }
        let is_name = text.bytes().all(|c| c.is_ascii_alphanumeric() || b"-._".contains(&c))
            // Only digits and dots: an IP address with a mistake.
            && text.bytes().any(|c| c.is_ascii_alphabetic());
        if is_name { Ok(Self::Name(text.to_owned())) } else { Err(InvalidListenAddress::Host) }
    }
}

impl TryFrom<String> for ListenAddress {
    type Error = InvalidListenAddress;

    fn try_from(text: String) -> Result<Self, InvalidListenAddress> {
        text.parse()
    }
}

/// Formats the address as it is written in the configuration.
impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl fmt::Display for ListenHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(IpAddr::V6(address)) => write!(f, "[{address}]"),
            Self::Ip(IpAddr::V4(address)) => address.fmt(f),
            Self::Name(name) => f.write_str(name),
            Self::All => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<ListenAddress, InvalidListenAddress> {
        text.parse()
    }

    #[test]
    fn listen_address_is_parsed_and_displayed() {
        for (text, shown, is_loopback) in [
            ("127.0.0.1:8080", "127.0.0.1:8080", true),
            ("[::1]:8080", "[::1]:8080", true),
            ("localhost:8080", "localhost:8080", true),
            ("auth.localhost:8080", "auth.localhost:8080", true),
            ("0.0.0.0:80", "0.0.0.0:80", false),
            ("[::]:80", "[::]:80", false),
            (":80", ":80", false),
            ("*:80", ":80", false),
            ("auth.example.com:80", "auth.example.com:80", false),
            ("unix:/run/doorward/doorward.sock", "unix:/run/doorward/doorward.sock", false),
            ("unix:///run/doorward.sock", "unix:/run/doorward.sock", false),
            ("unix:doorward.sock", "unix:doorward.sock", false),
        ] {
            let address = parsed(text).unwrap();
            assert_eq!((address.to_string().as_str(), address.is_loopback()), (shown, is_loopback));
            assert_eq!(parsed(shown).unwrap(), address);
        }
    }

    #[test]
    fn invalid_listen_address_is_refused_with_advice() {
        use InvalidListenAddress::{
            Abstract, Brackets, Host, Path, PathAlone, Port, PortMissing, Url,
        };
        let alone = |path: &str| PathAlone(path.to_owned());
        for (text, error) in [
            ("8080", PortMissing),
            ("127.0.0.1", PortMissing),
            ("localhost", PortMissing),
            ("localhost:", PortMissing),
            ("[::1]", PortMissing),
            ("::1", Brackets),
            ("::1:8080", Brackets),
            ("2001:db8::7:8080", Brackets),
            ("127.0.0.1:http", Port),
            ("127.0.0.1:70000", Port),
            ("127.0.0.1:+80", Port),
            ("127.0.0:80", Host),
            ("256.0.0.1:80", Host),
            ("[127.0.0.1]:80", Host),
            ("a b:80", Host),
            ("http://127.0.0.1:80", Url),
            ("tcp://10.0.0.1:80", Url),
            ("unix:", Path),
            ("unix:///", Path),
            ("unix:@abstract", Abstract),
            ("unix://@abstract", Abstract),
            ("/run/doorward.sock", alone("/run/doorward.sock")),
            ("./doorward.sock", alone("./doorward.sock")),
            ("doorward.sock", alone("doorward.sock")),
        ] {
            assert_eq!(parsed(text), Err(error), "{text}");
        }
        let advice = alone("/run/doorward.sock").to_string();
        assert!(advice.ends_with("write unix:/run/doorward.sock"), "{advice}");
    }

    #[test]
    fn socket_path_of_any_accepted_length_can_be_bound() {
        let folder = tempfile::TempDir::new().unwrap();
        let start = format!("unix:{}/", folder.path().display());
        let of_length = |length: usize| format!("{start:x<0$}", length + "unix:".len());
        let longest = parsed(&of_length(SOCKET_PATH_MAX)).unwrap();
        let ListenAddress::Unix(path) = longest else { panic!("{longest}") };
        assert!(std::os::unix::net::UnixListener::bind(path).is_ok());
        let refused = parsed(&of_length(SOCKET_PATH_MAX + 1)).unwrap_err();
        assert_eq!(refused, InvalidListenAddress::PathTooLong(SOCKET_PATH_MAX + 1));
        assert!(refused.to_string().contains(&format!("the limit is {SOCKET_PATH_MAX}")));
    }

    #[test]
    fn addresses_overlap_if_they_can_not_be_bound_together() {
        for (one, other, expected) in [
            ("127.0.0.1:80", "127.0.0.1:80", true),
            ("127.0.0.1:80", "127.0.0.1:81", false),
            ("127.0.0.1:0", "127.0.0.1:0", false),
            ("127.0.0.1:80", "192.0.2.7:80", false),
            (":80", "127.0.0.1:80", true),
            ("0.0.0.0:80", "127.0.0.1:80", true),
            ("0.0.0.0:80", "[::1]:80", false),
            ("[::]:80", "127.0.0.1:80", true),
            ("localhost:80", "LOCALHOST:80", true),
            ("localhost:80", "[::1]:80", true),
            ("localhost:80", "192.0.2.7:80", false),
            ("localhost:80", "0.0.0.0:80", true),
            ("unix:/run/a.sock", "unix:/run/a.sock", true),
            ("unix:/run/a.sock", "unix:/run//./a.sock", true),
            ("unix:/run/a.sock", "unix:/run/b.sock", false),
            ("unix:/run/a.sock", "127.0.0.1:80", false),
        ] {
            let (one, other) = (parsed(one).unwrap(), parsed(other).unwrap());
            assert_eq!(one.overlaps(&other), expected, "{one} {other}");
            assert_eq!(other.overlaps(&one), expected, "{other} {one}");
        }
    }
}
