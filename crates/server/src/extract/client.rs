use std::{
    net::{IpAddr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use actix_web::{HttpMessage, HttpRequest, http::header};
use doorward_domain::client::Client;
use ipnet::IpNet;

use crate::{error::ApiError, middleware::RequestId, state::State};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Who sends a request.
pub(super) fn client(request: &HttpRequest, state: &State) -> Result<Client, ApiError> {
    let peer = request.peer_addr().ok_or_else(|| ApiError::internal("the peer has no address"))?;
    let forwarded = request.headers().get_all(FORWARDED_FOR);
    // Several headers are one list, in their order (RFC 9110, section 5.3). What is not text is a
    // hop that can't be read, and not a hop that is not there.
    let hops: Vec<&str> =
        forwarded.flat_map(|value| value.to_str().unwrap_or("?").split(',')).collect();
    if !hops.is_empty() && !is_trusted(peer.ip().to_canonical(), &state.trusted_proxies) {
        state.forwarders.warn_of(peer.ip());
    }
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|text| text.to_str().ok());
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    Ok(Client {
        address: client_address(peer.ip(), &hops, &state.trusted_proxies),
        user_agent: user_agent.map(|text| text.chars().take(Client::USER_AGENT_MAX).collect()),
        request_id: request_id.unwrap_or_default(),
    })
}

/// The address of the nearest hop that is not a trusted proxy: proxies append, so the list is
/// believed from its right end, and only as far as those who wrote it are trusted. A hop that can't
/// be read ends the walk at the proxy that wrote it.
pub(super) fn client_address(peer: IpAddr, hops: &[&str], trusted: &[IpNet]) -> IpAddr {
    let mut address = peer.to_canonical();
    for hop in hops.iter().rev() {
        if !is_trusted(address, trusted) {
            break;
        }
        match parse_hop(hop) {
            Some(before) => address = before,
            None => break,
        }
    }
    address
}

pub(crate) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// Proxies that are not trusted, as far as the operator was told of them.
#[derive(Debug, Default)]
pub(crate) struct Forwarders(AtomicBool);

impl Forwarders {
    /// Tells the operator once that clients are counted by the address of a proxy, which may be a
    /// mistake. It may also be a client that makes things up, so it is not told again.
    fn warn_of(&self, peer: IpAddr) {
        if !self.0.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %peer,
                "an X-Forwarded-For was not believed, because it came from {peer}: if that is your proxy, name it in \
                 DOORWARD_TRUSTED_PROXIES, or all of its clients share one limit"
            );
        }
    }
}

/// An address, with or without a port, as proxies write them.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse::<IpAddr>().or_else(|_| hop.parse::<SocketAddr>().map(|it| it.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, hops: &[&str]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        client_address(peer.parse().unwrap(), hops, &trusted).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(address("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
    }

    #[test]
    fn trusted_proxies_are_looked_through_from_the_right() {
        assert_eq!(address("10.0.0.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &["198.51.100.7", "10.0.0.2"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &["10.0.0.3", "10.0.0.2"]), "10.0.0.3");
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_hop_that_can_not_be_read_opens_nothing() {
        for bad in ["a", "", "1.2.3", "unknown", "?", "1.2.3.4, x"] {
            assert_eq!(address("10.0.0.1", &["198.51.100.7", bad]), "10.0.0.1", "{bad}");
        }
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        assert_eq!(address("10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(address("10.0.0.1", &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(address("::ffff:10.0.0.1", &["::ffff:198.51.100.7"]), "198.51.100.7");
    }
}
