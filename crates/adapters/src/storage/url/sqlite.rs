use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::InvalidDatabaseUrl;

/// What has a meaning of its own in a URL of a file.
const RESERVED: &AsciiSet = &CONTROLS.add(b'%').add(b'?');

const MEMORY: InvalidDatabaseUrl = InvalidDatabaseUrl::Sqlite(
    "a database in memory is lost when the server stops, and each connection has one of its own: \
     name a file",
);

/// Parses what follows `sqlite:`.
pub(super) fn parse(rest: &str) -> Result<PathBuf, InvalidDatabaseUrl> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    match rest.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("file") => parse_uri(rest),
        _ if has_credentials(rest) => Err(InvalidDatabaseUrl::Sqlite(
            "it has a user and a password, as the URL of a server: write postgres://, or the path of a file",
        )),
        _ => path(rest),
    }
}

fn has_credentials(rest: &str) -> bool {
    let before = rest.split('/').next().unwrap_or_default();
    before.split_once('@').is_some_and(|(user, _host)| user.contains(':'))
}

/// Parses what follows `file:`, as SQLite's own URIs have it.
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
        path if path.contains(char::is_control) => "the path has a control character in it",
        path if path.starts_with('~') => {
            "~ is replaced by a shell only: write the whole path of the folder"
        }
        path if path.ends_with('/') => "it names a folder: add the name of a file",
        // Several slashes are one.
        path if path.starts_with("//") => {
            return Ok(format!("/{}", path.trim_start_matches('/')).into());
        }
        path => return Ok(path.into()),
    };
    Err(InvalidDatabaseUrl::Sqlite(problem))
}

/// Accepts parameters that ask for what is done anyway, and refuses all others.
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
                return Err(known("the server has to write; remove it"));
            }
            ("mode", _) => {
                return Err(known(
                    "the file is created if it is missing; write mode=rwc, or remove it",
                ));
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
                    "it has a parameter that is not known; remove what follows the ?, and write a ? \
                     in a path as %3F",
                ));
            }
        }
    }
    Ok(())
}

/// The path as a URL has it.
pub(super) fn encoded(path: &Path) -> String {
    utf8_percent_encode(&path.to_string_lossy(), RESERVED).to_string()
}
