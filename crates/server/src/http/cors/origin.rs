//! Origins as browsers send them (RFC 6454, section 6.2; HTML standard, "ASCII serialization of an
//! origin"), and patterns for all subdomains of a host.

mod advice;
mod invalid;

use std::{fmt, str::FromStr};

use url::{Host, Url};

pub use invalid::InvalidOrigin;

/// An allowed origin, or the origins of all subdomains of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OriginPattern {
    /// A single origin, in its normal form.
    Exact(String),
    /// `https://*.example.com:8443`: `scheme` is `https://`, `suffix` is `.example.com:8443`.
    Subdomains {
        /// The prefix of every matching origin.
        scheme: String,
        /// The suffix of every matching origin.
        suffix: String,
    },
}

impl OriginPattern {
    /// Returns `true` if an `Origin` header with this value is allowed.
    ///
    /// Case is ignored: browsers send lower case, but apps with custom schemes may not.
    pub(crate) fn matches(&self, origin: &str) -> bool {
        match self {
            Self::Exact(allowed) => allowed.eq_ignore_ascii_case(origin),
            Self::Subdomains { scheme, suffix } => {
                let labels = strip_prefix(origin, scheme).and_then(|it| strip_suffix(it, suffix));
                labels.is_some_and(|labels| {
                    labels.split('.').all(is_label) && !is_of_others(labels, suffix)
                })
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
        let Some((scheme, rest)) = given.split_once("://").filter(|(it, _)| !it.is_empty()) else {
            return Err(advice::without_scheme(given));
        };
        if let Some(error) = advice::about_scheme(given, scheme, rest) {
            return Err(error);
        }
        if host(rest).contains('*') { subdomains(given, scheme, rest) } else { exact(given) }
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
    let host = url.host_str().unwrap_or_default();
    match host.strip_suffix('.') {
        Some(name) => {
            let origin = origin.replacen(host, name, 1);
            Err(InvalidOrigin::TrailingDot { given, origin })
        }
        None if has_more => Err(InvalidOrigin::MoreThanOrigin { given, origin }),
        None => Ok(OriginPattern::Exact(origin)),
    }
}

/// Returns an origin in its normal form: in lower case, with names in Punycode, and without the scheme's
/// default port.
///
/// [`Url::origin`] returns opaque origins for the schemes of apps (`capacitor:`, `tauri:`), but their
/// pages have proper origins in web views.
fn serialise(url: &Url) -> Option<String> {
    if let Some(Host::Domain(name)) = url.host()
        && !name.is_empty()
        && !name.strip_suffix('.').unwrap_or(name).split('.').all(is_label)
    {
        return None;
    }
    // Some web views omit the host: `capacitor://`.
    let host = url.host_str().unwrap_or_default();
    if host.is_empty() && url.is_special() {
        return None;
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port}", url.scheme(), host))
}

/// Returns the host and port before the path, query, and fragment.
fn host(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Parses a pattern such as `https://*.example.com`. Only `http` and `https` origins have subdomains.
fn subdomains(given: &str, scheme: &str, rest: &str) -> Result<OriginPattern, InvalidOrigin> {
    let asterisk = || InvalidOrigin::Asterisk(given.to_owned());
    let too_wide = || InvalidOrigin::TooWide(given.to_owned());
    if matches!(rest, "*" | "*/" | "*.*" | "*.") {
        return Err(too_wide());
    }
    let parent = rest.strip_prefix("*.").filter(|parent| !host(parent).contains('*'));
    let parent = parent.filter(|_| is_web(scheme)).ok_or_else(asterisk)?;
    let all = |origin: String| origin.replacen("://", "://*.", 1);
    let parent = exact(&format!("{scheme}://{parent}")).map_err(|error| {
        let given = given.to_owned();
        match error {
            InvalidOrigin::MoreThanOrigin { origin, .. } => {
                InvalidOrigin::MoreThanOrigin { given, origin: all(origin) }
            }
            InvalidOrigin::TrailingDot { origin, .. } if is_public_suffix(name(&origin)) => {
                InvalidOrigin::TooWide(given)
            }
            InvalidOrigin::TrailingDot { origin, .. } => {
                InvalidOrigin::TrailingDot { given, origin: all(origin) }
            }
            _ => InvalidOrigin::Unreadable(given),
        }
    });
    let OriginPattern::Exact(origin) = parent? else { return Err(asterisk()) };
    let Some((scheme, host)) = origin.split_once("://") else { return Err(asterisk()) };
    if name(&origin).parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return Err(asterisk());
    }
    if is_public_suffix(name(&origin)) {
        return Err(too_wide());
    }
    Ok(OriginPattern::Subdomains { scheme: format!("{scheme}://"), suffix: format!(".{host}") })
}

/// Returns the host of an origin without its port.
fn name(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.rsplit_once(':').map_or(host, |(name, _port)| name)
}

/// Returns `true` if the public can register subdomains of the name, such as `com`, `co.uk`, or
/// `github.io` (publicsuffix.org).
fn is_public_suffix(name: &str) -> bool {
    psl::suffix(name.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == name.as_bytes())
}

/// Returns `true` if the name is below a public suffix that is itself below the pattern's domain, such as `a.run.app`
/// below `run.app`. Such a name has a different owner.
fn is_of_others(labels: &str, suffix: &str) -> bool {
    let suffix = suffix.rsplit_once(':').map_or(suffix, |(name, _port)| name);
    let name = format!("{labels}{suffix}").to_ascii_lowercase();
    psl::suffix(name.as_bytes())
        .is_some_and(|public| public.is_known() && public.as_bytes().len() >= suffix.len())
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
mod tests;
