//! The client that a request comes from.

mod device;

pub use device::device_name;

use std::{
    fmt,
    net::{AddrParseError, IpAddr, Ipv6Addr},
    str::FromStr,
};

/// The client that a request comes from, as far as the network shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestContext {
    /// The IP address of the client, resolved through trusted proxies.
    pub ip: IpAddr,
    /// Whether the IP address may be that of an untrusted proxy, so that other clients may share it.
    pub is_forwarded: bool,
    /// The `User-Agent` header, truncated to [`RequestContext::USER_AGENT_MAX`] code points.
    pub user_agent: Option<String>,
    /// The ID of the request, as in `X-Request-Id` and in the logs.
    pub request_id: String,
}

impl RequestContext {
    /// The maximum length of a stored `User-Agent`, in code points.
    pub const USER_AGENT_MAX: usize = 200;

    /// Returns the client for actions of the server itself and of the operator on its machine.
    pub fn internal() -> Self {
        let address = Ipv6Addr::LOCALHOST.into();
        let user_agent = Some("doorward".to_owned());
        Self { ip: address, is_forwarded: false, user_agent, request_id: String::new() }
    }

    /// Returns the network under which the client's requests are counted.
    pub fn ip_prefix(&self) -> IpPrefix {
        IpPrefix::of(self.ip)
    }

    /// Returns the network by which an account can recognize the client, or `None` if other clients may share
    /// it.
    pub fn own_ip_prefix(&self) -> Option<IpPrefix> {
        (!self.is_forwarded).then(|| self.ip_prefix())
    }
}

/// The unit by which IP addresses are counted: one IPv4 address, or one IPv6 prefix of 64 bits, the smallest
/// that a subscriber gets. Many get larger ones: see [`IpPrefix::prefixes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IpPrefix(IpAddr);

impl IpPrefix {
    /// Returns the network of an IP address. An IPv4-mapped IPv6 address counts as the IPv4 address.
    ///
    /// ```
    /// use doorward_domain::request_context::IpPrefix;
    ///
    /// let network = |text: &str| IpPrefix::of(text.parse().unwrap()).to_string();
    /// assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    /// assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    /// ```
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

impl IpPrefix {
    /// Returns the network, and the wider networks that contain it and might belong to the same subscriber. Each
    /// has a budget, given as a multiple of the limit.
    ///
    /// An IPv6 subscriber gets a /64, a /56, or a /48 (RFC 6177). The wider prefixes have larger budgets,
    /// because several subscribers may share them. An IPv4 address isn't widened: its neighbors belong to
    /// other subscribers, and an address behind a carrier's NAT is already shared by many.
    ///
    /// ```
    /// use doorward_domain::request_context::IpPrefix;
    ///
    /// let network: IpPrefix = "2001:db8:1:234::/64".parse()?;
    /// let prefixes = network.prefixes();
    /// assert_eq!(prefixes[1], ("2001:db8:1:200::/56".to_owned(), 4));
    /// assert_eq!(prefixes[2], ("2001:db8:1::/48".to_owned(), 16));
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    pub fn prefixes(self) -> Vec<(String, u32)> {
        match self.0 {
            IpAddr::V4(_) => vec![(self.to_string(), 1)],
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                let wider =
                    |d, length| format!("{}/{length}", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0));
                vec![
                    (self.to_string(), 1),
                    (wider(d & 0xff00, 56), Self::TIMES_56),
                    (wider(0, 48), Self::TIMES_48),
                ]
            }
        }
    }

    /// The budget of a /56, as a multiple of that of a /64.
    const TIMES_56: u32 = 4;
    /// The budget of a /48, as a multiple of that of a /64.
    const TIMES_48: u32 = 16;
}

/// Parses the output of `Display`.
impl FromStr for IpPrefix {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::of(text.strip_suffix("/64").unwrap_or(text).parse()?))
    }
}

impl fmt::Display for IpPrefix {
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
        IpPrefix::of(text.parse().unwrap()).to_string()
    }

    #[test]
    fn ipv6_addresses_are_grouped_by_64_bit_prefix() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::"));
    }

    #[test]
    fn ipv6_network_belongs_to_wider_prefixes_of_a_subscriber() {
        let prefixes = |text: &str| IpPrefix::of(text.parse().unwrap()).prefixes();
        let expected =
            [("2001:db8:1:234::/64", 1), ("2001:db8:1:200::/56", 4), ("2001:db8:1::/48", 16)];
        let found = prefixes("2001:db8:1:234::5");
        assert_eq!(
            found.iter().map(|(text, times)| (text.as_str(), *times)).collect::<Vec<_>>(),
            expected
        );
        for v4 in ["192.0.2.1", "::ffff:192.0.2.1"] {
            assert_eq!(prefixes(v4), [("192.0.2.1".to_owned(), 1)]);
        }
    }

    #[test]
    fn address_of_untrusted_proxy_does_not_identify_a_client() {
        let client = RequestContext::internal();
        assert_eq!(client.own_ip_prefix(), Some(client.ip_prefix()));
        assert_eq!(RequestContext { is_forwarded: true, ..client }.own_ip_prefix(), None);
    }

    #[test]
    fn displayed_network_parses_back() {
        for text in ["192.0.2.1", "2001:db8:1:2::/64"] {
            assert_eq!(text.parse::<IpPrefix>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn ipv4_mapped_address_equals_ipv4_address() {
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
