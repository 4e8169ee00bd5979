//! Where a server listens.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    str::FromStr,
};

use serde::Deserialize;

/// An address that a server listens on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ListenAddress {
    /// A TCP port.
    Tcp {
        /// Where.
        host: ListenHost,
        /// Which port; 0 lets the system choose one.
        port: u16,
    },
    /// A Unix domain socket, for a proxy on the same machine.
    Unix(PathBuf),
}

/// Where a server listens that is told nothing.
pub(crate) const DEFAULT_LISTEN: ListenAddress =
    ListenAddress::Tcp { host: ListenHost::Ip(IpAddr::V4(Ipv4Addr::LOCALHOST)), port: 8080 };

/// The part before the port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenHost {
    /// An address of this machine.
    Ip(IpAddr),
    /// A name, which is looked up when the server starts.
    Name(String),
    /// Every address of this machine, by IPv6 and IPv4.
    All,
}

/// A text is no address to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidListenAddress {
    /// There is no port.
    #[error("the port is missing: write ADDRESS:PORT, such as 127.0.0.1:8080 or 0.0.0.0:8080")]
    PortMissing,
    /// The port is no number that a port can have.
    #[error("the port must be a number from 0 to 65535")]
    Port,
    /// An IPv6 address without brackets.
    #[error("an IPv6 address is written in brackets, such as [::1]:8080")]
    Brackets,
    /// The part before the port is neither an address nor a name.
    #[error(
        "the part before the port must be an IP address or a host name, such as 127.0.0.1 or localhost"
    )]
    Host,
    /// It is a URL.
    #[error("it must be an address and not a URL: write ADDRESS:PORT, such as 127.0.0.1:8080")]
    Url,
    /// There is no path.
    #[error("the path of the Unix socket is missing: write unix:/run/doorward/doorward.sock")]
    Path,
}

impl ListenAddress {
    /// Returns `true` if only clients on this machine can connect. A Unix socket stands for a proxy, whose clients
    /// may be anywhere.
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Tcp { host: ListenHost::Ip(address), .. } => address.to_canonical().is_loopback(),
            Self::Tcp { host: ListenHost::Name(name), .. } => is_localhost(name),
            Self::Tcp { host: ListenHost::All, .. } | Self::Unix(_) => false,
        }
    }
}

/// Returns `true` for the names that RFC 6761, section 6.3, reserves for this machine.
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

impl FromStr for ListenAddress {
    type Err = InvalidListenAddress;

    fn from_str(text: &str) -> Result<Self, InvalidListenAddress> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("unix:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            let is_path = !path.is_empty() && !path.ends_with('/') && !path.starts_with('@');
            return if is_path {
                Ok(Self::Unix(path.into()))
            } else {
                Err(InvalidListenAddress::Path)
            };
        }
        if text.contains("://") {
            return Err(InvalidListenAddress::Url);
        }
        // Before the last colon is cut off, which is part of such an address.
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
            // What is digits and dots alone is an address with a mistake.
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

/// As it is written in the configuration.
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

/// The permissions of a Unix socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SocketMode(u32);

/// The owner and the group may connect: the group is that of the proxy.
impl Default for SocketMode {
    fn default() -> Self {
        Self(0o660)
    }
}

impl SocketMode {
    /// Returns the bits of the mode.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

impl FromStr for SocketMode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const PROBLEM: &str =
            "it must be three octal digits, such as 660, that let the owner read and write";
        let text = text.strip_prefix("0o").or_else(|| text.strip_prefix('0')).unwrap_or(text);
        let mode = u32::from_str_radix(text, 8).map_err(|_| PROBLEM)?;
        if mode <= 0o777 && mode & 0o600 == 0o600 { Ok(Self(mode)) } else { Err(PROBLEM) }
    }
}

impl TryFrom<String> for SocketMode {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for SocketMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03o}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<ListenAddress, InvalidListenAddress> {
        text.parse()
    }

    #[test]
    fn address_is_read_as_people_write_it_and_shown_so() {
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
    fn bad_address_is_refused_with_what_to_write() {
        use InvalidListenAddress::{Brackets, Host, Path, Port, PortMissing, Url};
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
            ("unix:@abstract", Path),
        ] {
            assert_eq!(parsed(text), Err(error), "{text}");
        }
    }

    #[test]
    fn socket_mode_is_octal_and_lets_the_owner_in() {
        for text in ["660", "0660", "0o660"] {
            assert_eq!(text.parse(), Ok(SocketMode::default()), "{text}");
        }
        assert_eq!(SocketMode::default().to_string(), "660");
        for text in ["", "rw", "888", "1777", "060", "-660"] {
            assert!(text.parse::<SocketMode>().is_err(), "{text}");
        }
    }
}
