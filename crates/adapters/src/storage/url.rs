//! The location of the database, parsed from the URL formats that operators and providers use.
//!
//! No error shows any part of the text, because any part of a malformed URL may be a password.

mod clean;
mod hosts;
mod parameters;
mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;

use std::{fmt, path::PathBuf, str::FromStr};

pub(crate) use hosts::{Endpoint, Place};
pub(crate) use parameters::{ClientCertificate, Roots, Security};
pub use postgres::PostgresUrl;
pub(crate) use postgres::{Check, Protection};

/// The location of the database.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// An SQLite file, created if it is missing.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(Box<PostgresUrl>),
}

/// The text is not a supported database URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    /// It has neither of the two schemes.
    #[error(
        "a database URL starts with sqlite:// or postgres://, for example \
         postgres://user:password@host/database"
    )]
    UnknownScheme,
    /// It does not specify a file.
    #[error("an SQLite URL specifies a file, for example sqlite:///var/lib/doorward/doorward.db")]
    NoFile,
    /// The part after `sqlite:` is invalid.
    #[error("invalid SQLite URL: {0}")]
    Sqlite(&'static str),
    /// The part after `postgres://` is invalid.
    #[error("invalid PostgreSQL URL: {0}")]
    Postgres(&'static str),
    /// A parameter after the `?` is not supported, or its value is not.
    #[error("invalid parameter {name} in the database URL: {advice}")]
    Parameter {
        /// The name: a known one, or one that can't be a part of a password.
        name: String,
        /// The reason, and what to write instead.
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
    /// Returns `true` if both refer to the same database, as far as can be determined without connecting.
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

    /// Describes how connections are protected. Returns `None` if there is nothing to protect.
    pub fn protection(&self) -> Option<&'static str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(url) => Some(url.protection_in_words()),
        }
    }

    /// Returns the names of the parameters that are accepted but have no effect.
    pub fn ignored_parameters(&self) -> &[&'static str] {
        match self {
            Self::Sqlite(_) => &[],
            Self::Postgres(url) => url.ignored(),
        }
    }

    /// Returns `true` if an attacker on the network may be able to read or change the traffic.
    pub fn is_exposed(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(url) => url.is_exposed(),
        }
    }
}

/// Formats the URL without user, password, port, and parameters, for logs and messages.
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
