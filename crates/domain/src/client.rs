//! Where a request comes from.

mod device;

pub use device::{agent_in_mail, device_name};

use std::{
    fmt,
    net::{AddrParseError, IpAddr, Ipv6Addr},
    str::FromStr,
};

/// Who is at the other end of a request, as far as the network tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The client's address, with trusted proxies looked through.
    pub address: IpAddr,
    /// What the client calls itself, cut to [`Client::USER_AGENT_MAX`] characters.
    pub user_agent: Option<String>,
    /// The id of the request, as in `X-Request-Id` and in the logs.
    pub request_id: String,
}

impl Client {
    /// How much of a `User-Agent` is kept, in code points.
    pub const USER_AGENT_MAX: usize = 200;

    /// The server itself, or whoever works on its machine.
    pub fn itself() -> Self {
        let address = Ipv6Addr::LOCALHOST.into();
        Self { address, user_agent: Some("doorward".to_owned()), request_id: String::new() }
    }

    /// The network that the client is counted by.
    pub fn network(&self) -> Network {
        Network::of(self.address)
    }
}

/// The unit in which addresses are counted: one IPv4 address, or one IPv6 network of 64 bits,
/// since that is what one subscriber holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl Network {
    /// The network of an address. `::ffff:192.0.2.1` is `192.0.2.1`.
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            v4 @ IpAddr::V4(_) => v4,
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        })
    }
}

/// Reads what `Display` wrote.
impl FromStr for Network {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::of(text.strip_suffix("/64").unwrap_or(text).parse()?))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(v4) => v4.fmt(f),
            IpAddr::V6(v6) => write!(f, "{v6}/64"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> String {
        Network::of(text.parse().unwrap()).to_string()
    }

    #[test]
    fn ipv6_is_counted_by_64_bits() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::"));
    }

    #[test]
    fn is_read_back() {
        for text in ["192.0.2.1", "2001:db8:1:2::/64"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_mapped_address_is_the_ipv4_address() {
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
