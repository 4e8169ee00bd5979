use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{self, HeaderMap, HeaderName},
};
use doorward_domain::request_context::RequestContext;
use ipnet::IpNet;

use super::forwarded::hops;
use crate::http::{middleware::RequestId, state::State};

/// Headers in which proxies name the client, for warnings. Only the configured header is trusted.
const NAMING_HEADERS: [HeaderName; 5] = [
    HeaderName::from_static("x-forwarded-for"),
    header::FORWARDED,
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("cf-connecting-ip"),
    HeaderName::from_static("true-client-ip"),
];

/// The header of a device token, in requests and responses.
pub(crate) const DEVICE_TOKEN: &str = "Device-Token";

/// Returns the device token of a request's header.
pub(crate) fn device_token(request: &HttpRequest) -> Option<&str> {
    request.headers().get(DEVICE_TOKEN)?.to_str().ok()
}

/// Returns the context of a request: the client's IP address and user agent, and the request ID.
pub(super) fn client(request: &HttpRequest, state: &State) -> RequestContext {
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    let headers = request.headers();
    let hops = hops(headers, &state.client_ip_header);
    if hops.is_empty() || !is_trusted_peer(peer, &state.trusted_proxies) {
        state.forwarders.warn_of(peer, headers, state);
    }
    let user_agent = headers.get(header::USER_AGENT).and_then(|text| text.to_str().ok());
    let request_id = request.extensions().get::<RequestId>().map(RequestId::marked);
    let is_trusted = is_trusted_peer(peer, &state.trusted_proxies);
    RequestContext {
        is_forwarded: is_forwarded(headers, !hops.is_empty() && is_trusted),
        ip: client_address(peer, &hops, &state.trusted_proxies),
        user_agent: user_agent
            .map(|text| text.chars().take(RequestContext::USER_AGENT_MAX).collect()),
        request_id: request_id.unwrap_or_default(),
    }
}

/// Returns `true` if the IP address is a proxy's: the proxy is not trusted, or names its clients in a header other than
/// the configured one. A client that sends such a header itself is then only recognized by its device.
fn is_forwarded(headers: &HeaderMap, is_believed: bool) -> bool {
    !is_believed && NAMING_HEADERS.into_iter().any(|name| headers.contains_key(name))
}

/// Returns the IP address of the nearest hop that is not a trusted proxy. Proxies append to the list, so
/// it is read from the right, and only as far as the proxies that wrote it are trusted. If a hop
/// can't be parsed, the result is the address of the proxy that wrote it.
///
/// A peer without an IP address is a process on this machine, at the other end of a Unix socket.
pub(super) fn client_address<T: AsRef<str>>(
    peer: Option<IpAddr>,
    hops: &[T],
    trusted: &[IpNet],
) -> IpAddr {
    let mut is_believed = is_trusted_peer(peer, trusted);
    let mut address = peer.unwrap_or(Ipv4Addr::LOCALHOST.into()).to_canonical();
    for hop in hops.iter().rev() {
        let before = parse_hop(hop.as_ref()).filter(|_| is_believed);
        let Some(before) = before else { break };
        address = before;
        is_believed = is_trusted(address, trusted);
    }
    address
}

/// Returns `true` if a peer is trusted to name the client. A peer at the other end of a Unix socket is
/// trusted, because the permissions of the socket's file control who may connect.
pub(crate) fn is_trusted_peer(peer: Option<IpAddr>, trusted: &[IpNet]) -> bool {
    peer.is_none_or(|peer| is_trusted(peer.to_canonical(), trusted))
}

pub(super) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// The misconfigurations of proxies that were reported.
#[derive(Debug, Default)]
pub(crate) struct Forwarders {
    untrusted: AtomicBool,
    other_header: AtomicBool,
}

impl Forwarders {
    /// Reports once that clients are counted by the IP address of a proxy, which may be a misconfiguration.
    /// It is not reported again, because the cause may also be a client that forges headers.
    fn warn_of(&self, peer: Option<IpAddr>, headers: &HeaderMap, state: &State) {
        let Some(found) = NAMING_HEADERS.into_iter().find(|name| headers.contains_key(name)) else {
            return;
        };
        let is_trusted = is_trusted_peer(peer, &state.trusted_proxies);
        let peer = peer.map_or("a Unix socket".to_owned(), |peer| peer.to_string());
        if !is_trusted {
            if !self.untrusted.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    %peer,
                    "header {found} ignored, because {peer} is not a trusted proxy: if it is your proxy, add it to \
                     DOORWARD_TRUSTED_PROXIES; otherwise all of its clients share one rate limit"
                );
            }
        } else if found != state.client_ip_header
            && !self.other_header.swap(true, Ordering::Relaxed)
        {
            let expected = &state.client_ip_header;
            tracing::warn!(
                %peer,
                "proxy {peer} sends {found} but not {expected}, so all of its clients share one rate limit: configure it to set \
                 {expected}, or set DOORWARD_CLIENT_IP_HEADER={found} if it overwrites the header that clients send"
            );
        }
    }
}

/// Parses an IP address, with or without a port, in the formats that proxies write.
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
        client_address(peer.parse().ok(), hops, &trusted).to_string()
    }

    #[test]
    fn untrusted_forwarding_header_marks_the_address_as_a_proxys() {
        let mut headers = HeaderMap::new();
        assert!(!is_forwarded(&headers, false) && !is_forwarded(&headers, true));
        for name in NAMING_HEADERS {
            headers.clear();
            headers.insert(name, header::HeaderValue::from_static("198.51.100.7"));
            assert!(is_forwarded(&headers, false) && !is_forwarded(&headers, true));
        }
    }

    #[test]
    fn untrusted_peer_cannot_name_the_client() {
        assert_eq!(address("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
    }

    #[test]
    fn trusted_proxies_are_skipped_from_right_to_left() {
        assert_eq!(address("10.0.0.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &["198.51.100.7", "10.0.0.2"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &["10.0.0.3", "10.0.0.2"]), "10.0.0.3");
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn unparsable_hop_ends_the_walk() {
        for bad in ["a", "", "1.2.3", "unknown", "_hidden", "?", "1.2.3.4, x"] {
            assert_eq!(address("10.0.0.1", &["198.51.100.7", bad]), "10.0.0.1", "{bad}");
        }
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_parsed() {
        assert_eq!(address("10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(address("10.0.0.1", &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(address("::ffff:10.0.0.1", &["::ffff:198.51.100.7"]), "198.51.100.7");
    }

    #[test]
    fn unix_socket_peer_is_trusted_and_counts_as_localhost() {
        assert_eq!(address("unix", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(address("unix", &["198.51.100.7", "10.0.0.2"]), "198.51.100.7");
        assert_eq!(address("unix", &["198.51.100.7", "unix:"]), "127.0.0.1");
        assert_eq!(address("unix", &[]), "127.0.0.1");
    }
}
