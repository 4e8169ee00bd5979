//! Recognition of hosts that are the machine of each client itself.

use std::net::IpAddr;

use url::Host;

/// Returns `true` if a host in a URL is the machine of each client itself.
pub fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => is_localhost(name.as_ref()),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => IpAddr::from(*address).to_canonical().is_loopback(),
    }
}

/// Returns `true` for the names that RFC 6761, section 6.3, reserves for the client's own machine.
///
/// ```
/// use doorward_domain::loopback::is_localhost;
///
/// assert!(is_localhost("auth.localhost"));
/// assert!(!is_localhost("localhost.example.com"));
/// ```
pub fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_machine_hosts_are_loopback() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST", true),
            ("localhost.", true),
            ("auth.localhost", true),
            ("127.0.0.1", true),
            ("127.0.0.2", true),
            ("127.1", true),
            ("2130706433", true),
            ("[::1]", true),
            ("[::ffff:127.0.0.1]", true),
            ("0.0.0.0", false),
            ("[::]", false),
            ("192.168.1.7", false),
            ("10.0.0.1", false),
            ("[fe80::1]", false),
            ("localhost.example.com", false),
            ("127.0.0.1.example.com", false),
            ("notlocalhost", false),
            ("localhost.localdomain", false),
            ("example.com", false),
        ] {
            let host = Host::parse(host).unwrap();
            assert_eq!(is_loopback(&host), expected, "{host}");
        }
    }
}
