//! The networks of trusted proxies, as people write them.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

/// Networks or single addresses of proxies.
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
        // A netmask, as in 10.0.0.0/255.0.0.0.
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

/// `[::1]` and `[::1]/128`, as URLs have them.
fn without_brackets(text: &str) -> String {
    match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) if rest.is_empty() || rest.starts_with('/') => {
            format!("{address}{rest}")
        }
        _ => text.to_owned(),
    }
}

/// Clients of IPv4 on a socket of IPv6 are compared as addresses of IPv4.
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
        Ok(ip) => format!("{text} has a port, and proxies connect from any: write {ip}"),
        Err(_) if matches!(address, "*" | "all") => format!(
            "{text} would let every client choose its own address: name the network of the proxy, such as 10.0.0.0/8"
        ),
        Err(_) => format!(
            "{text} is not an IP address or a network such as 10.0.0.0/8 (names are not looked up)"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_single_addresses_are_read_as_people_write_them() {
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
    fn what_is_no_network_is_refused_with_what_to_write() {
        for (text, advice) in [
            ("10.0.0.1:8080", "write 10.0.0.1"),
            ("[::1]:8080", "write ::1"),
            ("10.0.0.0/33", "0–32"),
            ("10.0.0.0/", "0–32"),
            ("10.0.0.0/255.0.255.0", "0–32"),
            ("fd00::/129", "0–128"),
            ("*", "10.0.0.0/8"),
            ("nginx", "names are not looked up"),
            ("proxy.example.com", "names are not looked up"),
            ("10.0.0", "10.0.0.0/8"),
            ("10.0.0.0-10.0.0.9", "10.0.0.0/8"),
            ("'10.0.0.1'", "10.0.0.0/8"),
        ] {
            let problem = network(text).unwrap_err();
            assert!(problem.contains(advice) && problem.contains(text), "{text}: {problem}");
        }
    }
}
