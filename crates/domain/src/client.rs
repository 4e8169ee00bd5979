//! Where a request comes from.

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
    /// Whether the address may be that of a proxy which is not trusted, so that other clients have it too.
    pub is_forwarded: bool,
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
        let user_agent = Some("doorward".to_owned());
        Self { address, is_forwarded: false, user_agent, request_id: String::new() }
    }

    /// The network that the client is counted by.
    pub fn network(&self) -> Network {
        Network::of(self.address)
    }

    /// The network that an account can know the client by; `None` if it may be everyone's.
    pub fn own_network(&self) -> Option<Network> {
        (!self.is_forwarded).then(|| self.network())
    }
}

/// The unit in which addresses are counted: one IPv4 address, or one IPv6 network of 64 bits, which is the least that
/// one subscriber holds. Many hold more: see [`Network::prefixes`].
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

impl Network {
    /// The network and the wider ones around it that one subscriber may hold, with how many times as much of a limit
    /// each has.
    ///
    /// An IPv6 subscriber gets a /64, a /56, or a /48 (RFC 6177). The wider budgets are larger, as several subscribers
    /// may share them. An IPv4 address is not widened: its neighbors belong to other subscribers, and an address
    /// behind a carrier's NAT is shared by many already.
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

    /// How many times the budget of a /64 a /56 has.
    const TIMES_56: u32 = 4;
    /// How many times the budget of a /64 a /48 has.
    const TIMES_48: u32 = 16;
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
    fn ipv6_network_is_part_of_the_wider_ones_that_a_subscriber_may_hold() {
        let prefixes = |text: &str| Network::of(text.parse().unwrap()).prefixes();
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
    fn address_of_an_untrusted_proxy_is_no_network_to_know_a_client_by() {
        let client = Client::itself();
        assert_eq!(client.own_network(), Some(client.network()));
        assert_eq!(Client { is_forwarded: true, ..client }.own_network(), None);
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
