//! Suggestions for texts that are not origins.

use url::{Position, Url};

use super::{InvalidOrigin, OriginPattern, is_web};

/// Schemes of protocols that don't serve web pages.
const NOT_OF_PAGES: [&str; 17] = [
    "ftp", "ftps", "git", "gopher", "grpc", "imap", "ldap", "ldaps", "mailto", "sftp", "smtp",
    "smtps", "ssh", "tcp", "telnet", "udp", "unix",
];

/// Returns the error for a text in which no scheme is followed by `://`.
pub(super) fn without_scheme(given: &str) -> InvalidOrigin {
    let separators = [':', '/', '\\', ';'];
    let (word, after) = given.split_at(given.find(separators).unwrap_or(0));
    let rest = after.trim_start_matches(separators);
    let word = word.to_ascii_lowercase();
    let meant = meant(&word);
    let scheme = match word.as_str() {
        "" => Some("https").filter(|_| rest.len() < after.len()),
        "http" => Some("http"),
        "https" | "mailto" => Some("https"),
        // Without a slash, the text is a host with a port.
        word if after.starts_with(":/") && !rest.is_empty() => Some(meant.unwrap_or(word)),
        _ => None,
    };
    let origin = match scheme {
        Some(scheme) => nearest(scheme, rest),
        None => nearest("https", given),
    };
    let Some(origin) = origin else { return InvalidOrigin::Unreadable(given.to_owned()) };
    let given = given.to_owned();
    match (scheme, meant) {
        (Some(_), Some(_)) => InvalidOrigin::NotOfPages { given, origin },
        (Some(_), None) => InvalidOrigin::Mistyped { given, origin },
        (None, _) => {
            let host = origin.trim_start_matches("https://").to_owned();
            InvalidOrigin::SchemeMissing { given, host }
        }
    }
}

/// Returns the error for an invalid scheme, or for what follows `http` or `https`: `https://https://app.example.com`.
pub(super) fn about_scheme(given: &str, scheme: &str, rest: &str) -> Option<InvalidOrigin> {
    let scheme = scheme.to_ascii_lowercase();
    if is_web(&scheme) {
        return match rest.split_once("://") {
            _ if rest.starts_with('.') => mistyped(given, &scheme, &format!("*{rest}")),
            Some((second, rest)) if is_web(second) => mistyped(given, second, rest),
            _ => None,
        };
    }
    let meant = meant(&scheme)?;
    let is_of_pages = !NOT_OF_PAGES.contains(&scheme.as_str());
    let rest = if is_of_pages { rest.to_owned() } else { without_port(rest) };
    let given = given.to_owned();
    Some(match nearest(meant, &rest) {
        Some(origin) => InvalidOrigin::NotOfPages { given, origin },
        None => InvalidOrigin::Unreadable(given),
    })
}

/// Returns the scheme that was probably meant by one that web pages can't have: `ftp`, `wss`, or `htps`.
fn meant(scheme: &str) -> Option<&'static str> {
    match scheme {
        "http" | "https" => None,
        "ws" => Some("http"),
        "wss" => Some("https"),
        other if NOT_OF_PAGES.contains(&other) => Some("https"),
        other => ["https", "http"].into_iter().find(|web| strsim::osa_distance(other, web) == 1),
    }
}

fn mistyped(given: &str, scheme: &str, rest: &str) -> Option<InvalidOrigin> {
    let origin = nearest(scheme, rest)?;
    Some(InvalidOrigin::Mistyped { given: given.to_owned(), origin })
}

/// Returns the origin of a scheme and what follows it, or the origin that its own error suggests.
fn nearest(scheme: &str, rest: &str) -> Option<String> {
    match format!("{scheme}://{rest}").parse::<OriginPattern>() {
        Ok(pattern) => Some(pattern.to_string()),
        Err(
            InvalidOrigin::MoreThanOrigin { origin, .. }
            | InvalidOrigin::TrailingDot { origin, .. },
        ) => Some(origin),
        Err(_) => None,
    }
}

/// Removes the port, which belongs to another protocol.
fn without_port(rest: &str) -> String {
    match Url::parse(&format!("https://{rest}")) {
        Ok(url) => url[Position::BeforeHost..Position::AfterHost].to_owned(),
        Err(_) => rest.to_owned(),
    }
}
