use std::{fmt, str::FromStr};

use redis::{ConnectionAddr, ConnectionInfo, RedisError};

/// The URL of a Redis or Valkey server, with its credentials.
#[derive(Clone)]
pub struct RedisUrl(pub(super) ConnectionInfo);

/// The text is not the URL of a usable Redis server.
#[derive(Debug, thiserror::Error)]
pub enum InvalidRedisUrl {
    /// It disables the verification of certificates.
    #[error("certificates are always verified: remove #insecure from the Redis URL")]
    Insecure,
    /// It is not a Redis URL.
    #[error(
        "a Redis URL looks like redis://user:password@host:6379/0, or starts with rediss:// for TLS"
    )]
    Unreadable(#[from] RedisError),
}

impl FromStr for RedisUrl {
    type Err = InvalidRedisUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let info: ConnectionInfo = text.parse()?;
        match info.addr() {
            ConnectionAddr::TcpTls { insecure: true, .. } => Err(InvalidRedisUrl::Insecure),
            _ => Ok(Self(info)),
        }
    }
}

impl RedisUrl {
    pub(super) fn has_tls(&self) -> bool {
        matches!(self.0.addr(), ConnectionAddr::TcpTls { .. })
    }
}

/// Formats the URL without user and password, for logs and messages.
impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.has_tls() { "rediss" } else { "redis" };
        let database = self.0.redis_settings().db();
        match self.0.addr() {
            ConnectionAddr::Unix(path) => {
                write!(f, "redis+unix://{}?db={database}", path.display())
            }
            // An IPv6 address is enclosed in brackets (RFC 3986, section 3.2.2).
            ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. }
                if host.contains(':') =>
            {
                write!(f, "{scheme}://[{host}]:{port}/{database}")
            }
            // Any other address is displayed as host:port.
            address => write!(f, "{scheme}://{address}/{database}"),
        }
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redis_url_is_displayed_without_password() {
        for (text, shown) in [
            ("redis://ann:hunter2@cache.example:6380/3", "redis://cache.example:6380/3"),
            ("valkey://:hunter2@cache.example", "redis://cache.example:6379/0"),
            ("rediss://:hunter2@cache.example", "rediss://cache.example:6379/0"),
            ("redis://[2001:db8::1]/2", "redis://[2001:db8::1]:6379/2"),
            ("rediss://[::1]:6380", "rediss://[::1]:6380/0"),
            ("redis+unix:///run/redis?db=2&pass=hunter2", "redis+unix:///run/redis?db=2"),
        ] {
            let url: RedisUrl = text.parse().unwrap();
            assert_eq!(format!("{url} {url:?}"), format!("{shown} {shown}"));
        }
    }

    #[test]
    fn invalid_redis_url_is_rejected() {
        for text in ["", "cache.example", "http://cache.example", "redis://", "redis://h/x"] {
            let refused = text.parse::<RedisUrl>();
            assert!(matches!(refused, Err(InvalidRedisUrl::Unreadable(_))), "{text}");
        }
    }

    #[test]
    fn redis_url_without_certificate_verification_is_rejected() {
        let refused = "rediss://cache.example/#insecure".parse::<RedisUrl>();
        assert!(matches!(refused, Err(InvalidRedisUrl::Insecure)));
    }
}
