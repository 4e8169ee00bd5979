//! Where the database is: the URL as operators and providers write it.
//!
//! No error here shows a part of the text, because any part of a malformed URL may be a password.

mod clean;
mod hosts;
mod parameters;
mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;

use std::{fmt, path::PathBuf, str::FromStr};

pub(super) use hosts::{Endpoint, Place};
pub(super) use parameters::{ClientCertificate, Roots, Security};
pub use postgres::PostgresUrl;
pub(super) use postgres::{Check, Protection};

/// Where the database is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A file, created if it is missing.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Box<PostgresUrl>),
}

/// A text is not the URL of a database that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    /// It has neither scheme.
    #[error(
        "a database URL begins with sqlite:// or postgres://, as in \
         postgres://user:password@host/database"
    )]
    UnknownScheme,
    /// It does not name a file.
    #[error("an SQLite URL names a file, as in sqlite:///var/lib/doorward/doorward.db")]
    NoFile,
    /// The part after `sqlite:` is wrong.
    #[error("the SQLite URL can't be used: {0}")]
    Sqlite(&'static str),
    /// The part after `postgres://` is wrong.
    #[error("the PostgreSQL URL can't be used: {0}")]
    Postgres(&'static str),
    /// A parameter after the `?` is not supported, or has a value that is not.
    #[error("the parameter {name} of the database URL can't be used: {advice}")]
    Parameter {
        /// Its name: one that is known, or one that can't be a part of a password.
        name: String,
        /// Why, and what to write instead.
        advice: &'static str,
    },
}

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = clean::surroundings(text);
        let (mut scheme, mut rest) = scheme_of(text)?;
        if scheme.eq_ignore_ascii_case("jdbc") {
            (scheme, rest) = scheme_of(rest)?;
        }
        let scheme = scheme.to_ascii_lowercase();
        // Drivers of other languages: postgresql+psycopg2://, sqlite+aiosqlite:///.
        match scheme.split('+').next().unwrap_or_default() {
            "sqlite" | "sqlite3" => sqlite::parse(rest).map(Self::Sqlite),
            "file" => sqlite::parse_uri(rest).map(Self::Sqlite),
            "postgres" | "postgresql" => {
                postgres::parse(rest).map(|url| Self::Postgres(Box::new(url)))
            }
            _ => Err(InvalidDatabaseUrl::UnknownScheme),
        }
    }
}

fn scheme_of(text: &str) -> Result<(&str, &str), InvalidDatabaseUrl> {
    text.split_once(':').ok_or(InvalidDatabaseUrl::UnknownScheme)
}

impl DatabaseUrl {
    /// Returns `true` if both lead to the same database, as far as can be seen without connecting.
    pub fn is_same_database(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sqlite(one), Self::Sqlite(other)) => {
                let whole = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
                whole(one) == whole(other)
            }
            (Self::Postgres(one), Self::Postgres(other)) => one.is_same_database(other),
            (Self::Sqlite(_), Self::Postgres(_)) | (Self::Postgres(_), Self::Sqlite(_)) => false,
        }
    }

    /// Describes how the connections are protected; `None` where there is nothing to protect.
    pub fn protection(&self) -> Option<&'static str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(url) => Some(url.protection_in_words()),
        }
    }

    /// Returns the names of the parameters that are accepted and have no effect here.
    pub fn ignored_parameters(&self) -> &[&'static str] {
        match self {
            Self::Sqlite(_) => &[],
            Self::Postgres(url) => url.ignored(),
        }
    }

    /// Returns `true` if others on the network may be able to read or change what is sent.
    pub fn is_exposed(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(url) => url.is_exposed(),
        }
    }
}

/// Without user, password, port, and parameters, for logs and messages.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", sqlite::encoded(path)),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
