//! The networks of trusted proxies, and the header in which proxies report the client's IP address.

use std::net::IpAddr;

use actix_web::http::header::{self, HeaderName};
use ipnet::{IpNet, Ipv4Net};

/// The default header in which proxies report the client's IP address.
pub(crate) const DEFAULT_CLIENT_IP_HEADER: HeaderName = header::X_FORWARDED_FOR;

/// Headers that don't contain the client's IP address. Clients choose their values, and proxies forward them.
const OTHER_HEADERS: [&str; 21] = [
    "age",
    "authorization",
    "cache-control",
    "connection",
    "cookie",
    "date",
    "device-token",
    "dnt",
    "expect",
    "from",
    "host",
    "origin",
    "range",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "warning",
];

/// Prefixes of the names of such headers.
const OTHER_PREFIXES: [&str; 12] = [
    "accept",
    "access-control-",
    "content-",
    "if-",
    "proxy-",
    "sec-",
    "set-cookie",
    "upgrade-",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-request-id",
];

/// Parses the name of the header in which proxies report the client's IP address.
pub(super) fn client_ip_header(name: Option<&str>) -> Result<Option<HeaderName>, String> {
    let Some(name) = name.map(str::trim) else { return Ok(None) };
    let header = HeaderName::try_from(name).map_err(|_| {
        format!("{name} is not the name of a header, such as X-Forwarded-For or Forwarded")
    })?;
    let is_other = OTHER_HEADERS.contains(&header.as_str())
        || OTHER_PREFIXES.iter().any(|prefix| header.as_str().starts_with(prefix));
    if is_other {
        return Err(format!(
            "{name} does not contain the IP address of a client: use the header that the proxy sets, such as \
             X-Forwarded-For, Forwarded, or X-Real-IP"
        ));
    }
    Ok(Some(header))
}

/// Parses networks and single addresses of proxies.
pub(super) fn networks(texts: &[String]) -> Result<Vec<IpNet>, String> {
    texts.iter().map(|text| network(text)).collect()
}

fn network(text: &str) -> Result<IpNet, String> {
    let bare = without_brackets(text);
    let (address, length) = bare.split_once('/').map_or((&*bare, None), |(a, l)| (a, Some(l)));
    let Ok(address) = address.parse::<IpAddr>() else {
        return Err(problem(text, address));
    };
    let network = match length {
        None => Ok(IpNet::from(address)),
        // A netmask, such as 10.0.0.0/255.0.0.0.
        Some(mask) if mask.contains(['.', ':']) => {
            mask.parse().ok().and_then(|mask| IpNet::with_netmask(address, mask).ok()).ok_or(())
        }
        Some(length) => {
            length.parse().ok().and_then(|length| IpNet::new(address, length).ok()).ok_or(())
        }
    };
    let network = network.map_err(|()| {
        let longest = if address.is_ipv4() { 32 } else { 128 };
        format!("{text} has no prefix length of 0–{longest}, such as 10.0.0.0/8")
    })?;
    Ok(canonical(network.trunc()))
}

/// Removes the brackets of `[::1]` and `[::1]/128`, the forms used in URLs.
fn without_brackets(text: &str) -> String {
    match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) if rest.is_empty() || rest.starts_with('/') => {
            format!("{address}{rest}")
        }
        _ => text.to_owned(),
    }
}

/// Returns the IPv4 network for an IPv4-mapped one, because IPv4 clients on an IPv6 socket are compared as IPv4 addresses.
fn canonical(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => {
            let v4 = v6.addr().to_ipv4_mapped();
            let v4 = v4.and_then(|address| Ipv4Net::new(address, v6.prefix_len() - 96).ok());
            v4.map_or(network, IpNet::V4)
        }
        IpNet::V4(_) | IpNet::V6(_) => network,
    }
}

fn problem(text: &str, address: &str) -> String {
    let without_port = text.parse::<std::net::SocketAddr>().map(|address| address.ip());
    match without_port {
        Ok(ip) => format!("{text} has a port, but proxies connect from any port: write {ip}"),
        Err(_) if matches!(address, "*" | "all") => format!(
            "{text} would let every client choose its own IP address: use the network of the proxy, such as 10.0.0.0/8"
        ),
        Err(_) => format!(
            "{text} is not an IP address or a network such as 10.0.0.0/8 (host names are not resolved)"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_networks_and_addresses_are_parsed() {
        for (text, expected) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("127.0.0.1", "127.0.0.1/32"),
            ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
            ("::1", "::1/128"),
            ("[::1]", "::1/128"),
            ("[fd00::1]/8", "fd00::/8"),
            ("FD00::/8", "fd00::/8"),
            ("::ffff:10.0.0.1", "10.0.0.1/32"),
            ("::ffff:10.1.0.0/104", "10.0.0.0/8"),
            ("0.0.0.0/0", "0.0.0.0/0"),
        ] {
            let read = network(text).unwrap_or_else(|problem| panic!("{problem}"));
            assert_eq!(read.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn header_without_a_client_address_is_refused() {
        for name in [
            "Cookie",
            "authorization",
            "Proxy-Authorization",
            "Host",
            "Content-Type",
            "Accept",
            "accept-language",
            "Origin",
            "Referer",
            "User-Agent",
            "Via",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Request-ID",
            "Sec-Fetch-Site",
        ] {
            let problem = client_ip_header(Some(name)).unwrap_err();
            assert!(problem.contains(name) && problem.contains("X-Real-IP"), "{name}: {problem}");
        }
        for name in [
            "X-Forwarded-For",
            "Forwarded",
            "X-Real-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
            "Fly-Client-IP",
            "X-Envoy-External-Address",
            "X-Client-IP",
            "X-Original-Forwarded-For",
        ] {
            assert!(client_ip_header(Some(name)).unwrap().is_some(), "{name}");
        }
        assert_eq!(client_ip_header(None), Ok(None));
        assert!(client_ip_header(Some("X-Real-IP:")).is_err());
    }

    #[test]
    fn invalid_network_is_refused_with_advice() {
        for (text, advice) in [
            ("10.0.0.1:8080", "write 10.0.0.1"),
            ("[::1]:8080", "write ::1"),
            ("10.0.0.0/33", "0–32"),
            ("10.0.0.0/", "0–32"),
            ("10.0.0.0/255.0.255.0", "0–32"),
            ("fd00::/129", "0–128"),
            ("*", "10.0.0.0/8"),
            ("nginx", "host names are not resolved"),
            ("proxy.example.com", "host names are not resolved"),
            ("10.0.0", "10.0.0.0/8"),
            ("10.0.0.0-10.0.0.9", "10.0.0.0/8"),
            ("'10.0.0.1'", "10.0.0.0/8"),
        ] {
            let problem = network(text).unwrap_err();
            assert!(problem.contains(advice) && problem.contains(text), "{text}: {problem}");
        }
    }
}
