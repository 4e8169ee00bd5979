//! What was probably meant by what is not an origin.

use url::{Position, Url};

use super::{InvalidOrigin, OriginPattern, is_web};

/// Schemes of programs that show no pages.
const NOT_OF_PAGES: [&str; 17] = [
    "ftp", "ftps", "git", "gopher", "grpc", "imap", "ldap", "ldaps", "mailto", "sftp", "smtp",
    "smtps", "ssh", "tcp", "telnet", "udp", "unix",
];

/// Says what is wrong with a text in which no scheme is followed by `://`.
pub(super) fn without_scheme(given: &str) -> InvalidOrigin {
    let separators = [':', '/', '\\', ';'];
    let (word, rest) = given.split_at(given.find(separators).unwrap_or(0));
    let rest = rest.trim_start_matches(separators);
    let is_scheme = word.is_empty() || is_web(word) || is_not_of_pages(word);
    let is_mistyped = is_scheme && rest.len() < given.len();
    let scheme = if word.eq_ignore_ascii_case("http") { "http" } else { "https" };
    let Some(origin) = nearest(scheme, if is_mistyped { rest } else { given }) else {
        return InvalidOrigin::Unreadable(given.to_owned());
    };
    let given = given.to_owned();
    match origin.split_once("://") {
        _ if is_not_of_pages(word) => InvalidOrigin::NotOfPages { given, origin },
        Some((_, host)) if !is_mistyped => {
            InvalidOrigin::SchemeMissing { given, host: host.to_owned() }
        }
        _ => InvalidOrigin::Mistyped { given, origin },
    }
}

/// Says what is wrong with a scheme, or with what follows one of the web: `https://https://app.example.com`.
pub(super) fn about_scheme(given: &str, scheme: &str, rest: &str) -> Option<InvalidOrigin> {
    let lower = scheme.to_ascii_lowercase();
    let meant = match lower.as_str() {
        "http" | "https" if rest.starts_with('.') => {
            return mistyped(given, &lower, &format!("*{rest}"));
        }
        "http" | "https" => {
            let (second, rest) = rest.split_once("://")?;
            return mistyped(given, &second.to_ascii_lowercase(), rest).filter(|_| is_web(second));
        }
        "ws" => "http",
        "wss" => "https",
        lower if is_not_of_pages(lower) => "https",
        lower => misspelled(lower)?,
    };
    let rest = if is_not_of_pages(&lower) { without_port(rest) } else { rest.to_owned() };
    let given = given.to_owned();
    Some(match nearest(meant, &rest) {
        Some(origin) => InvalidOrigin::NotOfPages { given, origin },
        None => InvalidOrigin::Unreadable(given),
    })
}

fn mistyped(given: &str, scheme: &str, rest: &str) -> Option<InvalidOrigin> {
    let origin = nearest(scheme, rest)?;
    Some(InvalidOrigin::Mistyped { given: given.to_owned(), origin })
}

/// Returns the scheme of the web that a scheme of no app is one letter away from: `htps`.
fn misspelled(scheme: &str) -> Option<&'static str> {
    ["https", "http"].into_iter().find(|web| strsim::osa_distance(scheme, web) == 1)
}

fn is_not_of_pages(scheme: &str) -> bool {
    NOT_OF_PAGES.iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

/// Returns the origin of a scheme and what follows it, or the one that its own refusal names.
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

/// The port of another protocol is none of a website.
fn without_port(rest: &str) -> String {
    match Url::parse(&format!("https://{rest}")) {
        Ok(url) => url[Position::BeforeHost..Position::AfterHost].to_owned(),
        Err(_) => rest.to_owned(),
    }
}
