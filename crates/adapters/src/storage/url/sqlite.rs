use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::InvalidDatabaseUrl;

/// The characters with a special meaning in a file URL.
const RESERVED: &AsciiSet = &CONTROLS.add(b'%').add(b'?');

const MEMORY: InvalidDatabaseUrl = InvalidDatabaseUrl::Sqlite(
    "an in-memory database is lost when the server stops, and each connection has its own: \
     specify a file",
);

/// Parses the text after `sqlite:`.
pub(super) fn parse(rest: &str) -> Result<PathBuf, InvalidDatabaseUrl> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    match rest.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("file") => parse_uri(rest),
        _ if has_credentials(rest) => Err(InvalidDatabaseUrl::Sqlite(
            "it has a user and a password, like the URL of a server: use postgres://, or the path of a file",
        )),
        _ => path(rest),
    }
}

fn has_credentials(rest: &str) -> bool {
    let before = rest.split('/').next().unwrap_or_default();
    before.split_once('@').is_some_and(|(user, _host)| user.contains(':'))
}

/// Parses the text after `file:`, like SQLite's URIs.
pub(super) fn parse_uri(rest: &str) -> Result<PathBuf, InvalidDatabaseUrl> {
    match rest.strip_prefix("//") {
        Some(rest) => path(rest.strip_prefix("localhost").filter(is_absolute).unwrap_or(rest)),
        None => path(rest),
    }
}

fn is_absolute(path: &&str) -> bool {
    path.starts_with('/')
}

fn path(text: &str) -> Result<PathBuf, InvalidDatabaseUrl> {
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let path = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_| InvalidDatabaseUrl::Sqlite("the path is not UTF-8"))?;
    if path.ends_with(":memory:") {
        return Err(MEMORY);
    }
    parameters(query)?;
    let problem = match &*path {
        "" | "/" => return Err(InvalidDatabaseUrl::NoFile),
        path if path.contains(char::is_control) => "the path contains a control character",
        path if path.starts_with('~') => {
            "only a shell expands ~: write the absolute path of the folder"
        }
        path if path.ends_with('/') => "the path is a folder: add a file name",
        // Several slashes count as one.
        path if path.starts_with("//") => {
            return Ok(format!("/{}", path.trim_start_matches('/')).into());
        }
        path => return Ok(path.into()),
    };
    Err(InvalidDatabaseUrl::Sqlite(problem))
}

/// Accepts parameters that match the server's behavior, and rejects all others.
fn parameters(query: &str) -> Result<(), InvalidDatabaseUrl> {
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
        let known = |advice| InvalidDatabaseUrl::Parameter { name: name.clone(), advice };
        match (name.trim_start_matches('_'), &*value) {
            ("mode", "rwc") | ("cache", "private") | ("journal_mode" | "journal", "wal") => {}
            ("foreign_keys" | "fk", "1" | "on" | "true" | "yes") => {}
            ("synchronous" | "sync", "full" | "2") => {}
            ("mode", "memory") => return Err(MEMORY),
            ("mode", "ro") | ("immutable", _) => {
                return Err(known("the server must be able to write; remove it"));
            }
            ("mode", _) => {
                return Err(known("the server creates a missing file; use mode=rwc, or remove it"));
            }
            ("cache", _) => {
                return Err(known("connections with a shared cache block each other; remove it"));
            }
            (
                "journal_mode" | "journal" | "foreign_keys" | "fk" | "synchronous" | "sync"
                | "busy_timeout" | "timeout" | "txlock" | "vfs" | "nolock" | "psow"
                | "connection_limit" | "socket_timeout",
                _,
            ) => return Err(known("the server sets this itself; remove it")),
            _ => {
                return Err(InvalidDatabaseUrl::Sqlite(
                    "it has an unknown parameter; remove the text after the ?, and write a ? \
                     in a path as %3F",
                ));
            }
        }
    }
    Ok(())
}

/// Returns the path in the form of a URL.
pub(super) fn encoded(path: &Path) -> String {
    utf8_percent_encode(&path.to_string_lossy(), RESERVED).to_string()
}
