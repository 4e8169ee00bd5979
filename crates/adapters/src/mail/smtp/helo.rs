//! The name of this server in the greeting of a mail server (`EHLO`): a name that contains a dot, or its IP
//! address in brackets (RFC 5321, section 4.1.3). Many mail servers reject anything else.

use std::{net::IpAddr, str::FromStr};

use lettre::transport::smtp::extension::ClientId;
use url::Host;

/// A name for greeting mail servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeloName(ClientId);

/// The text is not a valid name for greeting mail servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "use the fully qualified host name of this server, such as auth.example.com, or its IP address"
)]
pub struct InvalidHeloName;

impl FromStr for HeloName {
    type Err = InvalidHeloName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        match address(text) {
            Some(address) => Ok(Self(literal(address))),
            None => full_name(text).map(Self).ok_or(InvalidHeloName),
        }
    }
}

impl HeloName {
    /// Returns the name in the form that `EHLO` requires.
    pub fn as_text(&self) -> String {
        self.0.to_string()
    }

    pub(super) fn into_client_id(self) -> ClientId {
        self.0
    }
}

/// Returns the default name: the host of the public URL, the name of this machine, or the IP address from which it
/// connects to the mail server.
pub(super) fn default_name(public_host: &str, local: IpAddr) -> ClientId {
    if let Some(address) = address(public_host) {
        return literal(address);
    }
    let machine = rustix::system::uname();
    full_name(public_host)
        .or_else(|| full_name(machine.nodename().to_str().ok()?))
        .unwrap_or_else(|| literal(local))
}

fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let bare = bare.strip_prefix("IPv6:").unwrap_or(bare);
    bare.parse().ok()
}

fn literal(address: IpAddr) -> ClientId {
    match address.to_canonical() {
        IpAddr::V4(address) => ClientId::Ipv4(address),
        IpAddr::V6(address) => ClientId::Ipv6(address),
    }
}

/// Returns a host name that contains a dot, in ASCII. Underscores occur in DNS names, but not in host names.
fn full_name(text: &str) -> Option<ClientId> {
    let Ok(Host::Domain(name)) = Host::parse(text.trim_end_matches('.')) else { return None };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_full = name.contains('.') && name.len() <= 253 && name.split('.').all(is_label);
    is_full.then_some(ClientId::Domain(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<String> {
        text.parse::<HeloName>().ok().map(|name| name.as_text())
    }

    #[test]
    fn fully_qualified_name_or_ip_address_is_a_helo_name() {
        for (text, said) in [
            ("auth.example.com", "auth.example.com"),
            ("Auth.Example.com.", "auth.example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("192.0.2.1", "[192.0.2.1]"),
            ("[192.0.2.1]", "[192.0.2.1]"),
            ("2001:db8::1", "[IPv6:2001:db8::1]"),
            ("[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(said), "{text}");
        }
        for text in [
            "",
            "auth",
            "localhost",
            "my_auth.example.com",
            "a..b",
            "a b.example",
            "a.b\r\nRSET",
            "-a.b",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn default_helo_name_always_contains_a_dot() {
        let local = IpAddr::from([192, 0, 2, 9]);
        assert_eq!(default_name("auth.example.com", local).to_string(), "auth.example.com");
        assert_eq!(default_name("127.0.0.1", local).to_string(), "[127.0.0.1]");
        assert_eq!(default_name("[::1]", local).to_string(), "[IPv6:::1]");
        for host in ["auth", "localhost", "my_auth.internal"] {
            let name = default_name(host, local).to_string();
            assert!(name == "[192.0.2.9]" || name.contains('.'), "{name}");
        }
    }
}
