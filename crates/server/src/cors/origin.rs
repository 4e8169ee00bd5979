//! Origins as browsers send them (RFC 6454, section 6.2; HTML standard, "ASCII serialisation of an
//! origin"), and patterns for all subdomains of a host.

use std::{fmt, str::FromStr};

use url::{Host, Url};

/// An origin that is allowed, or all origins of the subdomains of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OriginPattern {
    /// This origin, in its normal form.
    Exact(String),
    /// `https://*.example.com:8443`: `scheme` is `https://`, `suffix` is `.example.com:8443`.
    Subdomains {
        /// What every origin of them begins with.
        scheme: String,
        /// What every origin of them ends with.
        suffix: String,
    },
}

/// No browser sends such an origin, or too many websites would match it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrigin {
    /// There is no scheme.
    #[error("{0} has no scheme: write https://{0}, or http://{0} for a server without TLS")]
    SchemeMissing(String),
    /// It can't be read.
    #[error("{0} is not an origin such as https://app.example.com")]
    Unreadable(String),
    /// It is in quotes.
    #[error("{0} has quotation marks in it: remove them")]
    Quoted(String),
    /// It has a path, a query, a fragment, or credentials.
    #[error("{given} has more than an origin: write {origin}")]
    MoreThanOrigin {
        /// What was given.
        given: String,
        /// What was probably meant.
        origin: String,
    },
    /// No page has an origin with this scheme.
    #[error("{given}: no page has an origin with this scheme: write {origin}")]
    NotOfPages {
        /// What was given.
        given: String,
        /// What was probably meant.
        origin: String,
    },
    /// Pages with an opaque origin send `null`.
    #[error(
        "{0} can't be allowed: browsers send the origin null for local files and sandboxed frames of \
         every website; serve the page from http://localhost instead"
    )]
    Opaque(String),
    /// It would match websites of others.
    #[error(
        "{0} would allow websites of others: list each origin, or all subdomains of a domain of your \
         own, such as https://*.example.com"
    )]
    TooWide(String),
    /// The asterisk stands for something else than whole labels.
    #[error(
        "{0}: an asterisk stands for all subdomains and nothing else, as in https://*.example.com; \
         list each origin instead"
    )]
    Asterisk(String),
}

impl OriginPattern {
    /// Returns `true` if an `Origin` header of this value is allowed.
    ///
    /// Case does not count: browsers send lower case, apart from apps with schemes of their own.
    pub(crate) fn matches(&self, origin: &str) -> bool {
        match self {
            Self::Exact(allowed) => allowed.eq_ignore_ascii_case(origin),
            Self::Subdomains { scheme, suffix } => {
                let labels = strip_prefix(origin, scheme).and_then(|it| strip_suffix(it, suffix));
                labels.is_some_and(|labels| labels.split('.').all(is_label))
            }
        }
    }
}

impl FromStr for OriginPattern {
    type Err = InvalidOrigin;

    fn from_str(given: &str) -> Result<Self, InvalidOrigin> {
        let invalid = |error: fn(String) -> InvalidOrigin| error(given.to_owned());
        match given.split_once(':').map_or(given, |(scheme, _)| scheme) {
            text if text.contains(['"', '\'']) => return Err(invalid(InvalidOrigin::Quoted)),
            "*" => return Err(invalid(InvalidOrigin::TooWide)),
            "null" | "file" | "data" | "blob" | "about" | "javascript" => {
                return Err(invalid(InvalidOrigin::Opaque));
            }
            _ => {}
        }
        let Some((scheme, rest)) = given.split_once("://") else {
            return Err(invalid(InvalidOrigin::SchemeMissing));
        };
        if rest.contains('*') { subdomains(given, scheme, rest) } else { exact(given) }
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(origin) => f.write_str(origin),
            Self::Subdomains { scheme, suffix } => write!(f, "{scheme}*{suffix}"),
        }
    }
}

fn exact(given: &str) -> Result<OriginPattern, InvalidOrigin> {
    let unreadable = || InvalidOrigin::Unreadable(given.to_owned());
    let url = Url::parse(given).map_err(|_| unreadable())?;
    let given = given.to_owned();
    let origin = serialise(&url).ok_or_else(unreadable)?;
    let has_more = !matches!(url.path(), "" | "/")
        || url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some();
    match url.scheme() {
        "ws" | "wss" => {
            let origin = origin.replacen("ws", "http", 1);
            Err(InvalidOrigin::NotOfPages { given, origin })
        }
        _ if has_more => Err(InvalidOrigin::MoreThanOrigin { given, origin }),
        _ => Ok(OriginPattern::Exact(origin)),
    }
}

/// An origin in its normal form: in lower case, names in Punycode, without the scheme's own port.
///
/// [`Url::origin`] is of no use for the schemes of apps (`capacitor:`, `tauri:`), whose pages have
/// origins in their web views all the same.
fn serialise(url: &Url) -> Option<String> {
    if let Some(Host::Domain(name)) = url.host()
        && !name.split('.').all(|label| label.is_empty() || is_label(label))
    {
        return None;
    }
    // Some web views leave the host out: `capacitor://`.
    let host = url.host_str().unwrap_or_default();
    if host.is_empty() && url.is_special() {
        return None;
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port}", url.scheme(), host))
}

/// `https://*.example.com`. Only websites have subdomains.
fn subdomains(given: &str, scheme: &str, rest: &str) -> Result<OriginPattern, InvalidOrigin> {
    let asterisk = || InvalidOrigin::Asterisk(given.to_owned());
    let too_wide = || InvalidOrigin::TooWide(given.to_owned());
    if matches!(rest, "*" | "*/" | "*.*" | "*.") {
        return Err(too_wide());
    }
    let parent = rest.strip_prefix("*.").filter(|parent| !parent.contains('*'));
    let parent = parent.filter(|_| is_web(scheme)).ok_or_else(asterisk)?;
    let OriginPattern::Exact(origin) =
        exact(&format!("{scheme}://{parent}")).map_err(|error| match error {
            InvalidOrigin::MoreThanOrigin { origin, .. } => InvalidOrigin::MoreThanOrigin {
                given: given.to_owned(),
                origin: origin.replacen("://", "://*.", 1),
            },
            _ => InvalidOrigin::Unreadable(given.to_owned()),
        })?
    else {
        return Err(asterisk());
    };
    let Some((scheme, host)) = origin.split_once("://") else { return Err(asterisk()) };
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    if name.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return Err(asterisk());
    }
    if is_public_suffix(name) {
        return Err(too_wide());
    }
    Ok(OriginPattern::Subdomains { scheme: format!("{scheme}://"), suffix: format!(".{host}") })
}

/// Whether anybody can have a subdomain of it: `com`, `co.uk`, and `github.io` (publicsuffix.org).
fn is_public_suffix(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    psl::suffix(name.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == name.as_bytes())
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

fn is_label(label: &str) -> bool {
    let is_of_names = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !label.is_empty() && label.bytes().all(is_of_names)
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(given: &str) -> String {
        given.parse::<OriginPattern>().map_or_else(|error| panic!("{error}"), |it| it.to_string())
    }

    fn problem(given: &str) -> String {
        match given.parse::<OriginPattern>() {
            Ok(pattern) => panic!("{given} is taken as {pattern}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn origins_of_websites_are_normalised() {
        for (given, origin) in [
            ("https://app.example.com", "https://app.example.com"),
            ("https://app.example.com/", "https://app.example.com"),
            ("https://app.example.com:443", "https://app.example.com"),
            ("http://app.example.com:80/", "http://app.example.com"),
            ("https://app.example.com:8443", "https://app.example.com:8443"),
            ("HTTPS://App.Example.COM", "https://app.example.com"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://localhost", "http://localhost"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
            ("https://my_app.example.com", "https://my_app.example.com"),
        ] {
            assert_eq!(normal(given), origin);
            assert!(given.parse::<OriginPattern>().unwrap().matches(origin), "{given}");
        }
    }

    #[test]
    fn origins_of_apps_are_accepted() {
        for origin in [
            "capacitor://localhost",
            "ionic://localhost",
            "tauri://localhost",
            "http://tauri.localhost",
            "app://-",
            "app://com.example.app",
            "app://",
            "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
            "moz-extension://0f0c3f3a-6f5c-4a39-9d6b-3a1f7c0f7a2b",
        ] {
            assert_eq!(normal(origin), origin);
            assert!(origin.parse::<OriginPattern>().unwrap().matches(origin), "{origin}");
            assert_eq!(normal(&format!("{origin}/")), origin, "{origin}");
        }
        let safari: OriginPattern = "safari-web-extension://0F0C-3F3A".parse().unwrap();
        assert!(safari.matches("safari-web-extension://0f0c-3f3a"));
    }

    #[test]
    fn what_could_never_match_is_refused_with_what_to_write() {
        for (given, advice) in [
            ("app.example.com", "write https://app.example.com"),
            ("localhost:3000", "http://localhost:3000"),
            ("https://app.example.com/login", "write https://app.example.com"),
            ("https://app.example.com/?a", "write https://app.example.com"),
            ("https://app.example.com#a", "write https://app.example.com"),
            ("https://ann:pw@app.example.com", "write https://app.example.com"),
            ("wss://app.example.com:8443", "write https://app.example.com:8443"),
            ("ws://localhost:3000", "write http://localhost:3000"),
            ("capacitor://localhost/app", "write capacitor://localhost"),
            ("\"https://app.example.com\"", "remove them"),
            ("null", "http://localhost"),
            ("file://", "http://localhost"),
            ("file:///home/ann/index.html", "http://localhost"),
            ("https://", "https://app.example.com"),
            ("https://a b", "https://app.example.com"),
            ("https://a.example;", "https://app.example.com"),
            ("https://a.example:99999", "https://app.example.com"),
            ("http://localhost:*", "list each origin"),
            ("https://app-*.example.com", "list each origin"),
            ("https://*.*.example.com", "list each origin"),
            ("https://a.*.example.com", "list each origin"),
            ("https://*example.com", "list each origin"),
            ("*://app.example.com", "list each origin"),
            ("http://*.127.0.0.1", "list each origin"),
            ("http://192.168.1.*", "list each origin"),
            ("https://*.example.com/app", "write https://*.example.com"),
            ("chrome-extension://*", "websites of others"),
        ] {
            assert!(problem(given).contains(advice), "{given}: {}", problem(given));
        }
    }

    #[test]
    fn patterns_that_match_websites_of_others_are_refused() {
        for given in [
            "*",
            "https://*",
            "https://*/",
            "https://*.*",
            "https://*.com",
            "https://*.co.uk",
            "https://*.github.io",
            "https://*.vercel.app",
            "https://*.netlify.app:8443",
            "https://*.COM",
            "https://*.com.",
        ] {
            assert!(problem(given).contains("websites of others"), "{given}: {}", problem(given));
        }
    }

    #[test]
    fn a_pattern_is_all_subdomains_and_nothing_else() {
        let pattern: OriginPattern = "https://*.Example.com".parse().unwrap();
        assert_eq!(pattern.to_string(), "https://*.example.com");
        for origin in ["https://a.example.com", "https://a.b.example.com", "https://A.EXAMPLE.com"]
        {
            assert!(pattern.matches(origin), "{origin}");
        }
        for origin in [
            "https://example.com",
            "https://.example.com",
            "https://a..example.com",
            "https://evil-example.com",
            "https://example.com.evil.net",
            "https://a.example.com.evil.net",
            "http://a.example.com",
            "https://a.example.com:8443",
            "https://evil.net/.example.com",
            "https://evil.net:1.example.com",
            "https://evil.net@a.example.com",
            "https://é.example.com",
            "https://*.example.com",
            "null",
            "",
        ] {
            assert!(!pattern.matches(origin), "{origin}");
        }
        let with_port: OriginPattern = "http://*.localhost:5173".parse().unwrap();
        assert!(with_port.matches("http://a.localhost:5173"));
        assert!(!with_port.matches("http://a.localhost"));
        let own: OriginPattern = "https://*.my-team.vercel.app".parse().unwrap();
        assert!(own.matches("https://preview.my-team.vercel.app"));
    }
}
