use std::{io, ops::RangeInclusive, path::PathBuf};

use doorward_adapters::{
    limits::InvalidRedisUrl, mail::InvalidSmtpUrl, storage::InvalidDatabaseUrl,
};
use doorward_domain::mail::PublicUrl;

use super::{ListenAddress, key_in_file};

/// Errors in the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file can't be read.
    #[error("the file {} can't be read{advice}", path.display())]
    File {
        /// The path of the file.
        path: PathBuf,
        /// What to do, if known.
        advice: &'static str,
        /// The cause.
        source: io::Error,
    },
    /// A file that contains the value of an option can't be used.
    #[error("{} can't be used: the file {} {problem}", named(key), path.display())]
    ValueFile {
        /// The key.
        key: &'static str,
        /// Which file.
        path: PathBuf,
        /// The problem.
        problem: String,
    },
    /// The configuration file is invalid. The line itself is not shown, because it may contain a secret.
    #[error("line {line} of the configuration file {path} is invalid: {problem}")]
    Toml {
        /// The path of the file.
        path: PathBuf,
        /// The number of the line.
        line: usize,
        /// The problem.
        problem: String,
    },
    /// A variable looks like an option, but there is no such option.
    #[error(
        "the environment variable {name} is not an option of doorward{}: correct or remove it; doorward serve --help \
         lists all options",
        nearest.map(|nearest| format!(" (did you mean {nearest}?)")).unwrap_or_default()
    )]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The option with the most similar name.
        nearest: Option<&'static str>,
    },
    /// A variable has the name of an option, but not in upper case.
    #[error("the environment variable {found} is not read: write {name}, in upper case")]
    VariableCase {
        /// The name of the variable.
        found: String,
        /// The name of the option's variable.
        name: &'static str,
    },
    /// The value of a variable is invalid.
    #[error("the environment variable {name} is invalid: {problem}")]
    Variable {
        /// The variable.
        name: &'static str,
        /// The problem with its value.
        problem: String,
    },
    /// The value of an option is invalid.
    #[error("{} is invalid: {problem}", named(key))]
    Value {
        /// The key.
        key: &'static str,
        /// The problem.
        problem: String,
    },
    /// The database URL can't be used.
    #[error("{} can't be used", named("database_url"))]
    Database(#[from] InvalidDatabaseUrl),
    /// The Redis URL can't be used.
    #[error("{} can't be used", named("redis_url"))]
    Redis(#[from] InvalidRedisUrl),
    /// The mail URL can't be used.
    #[error("{} can't be used", named("mail_url"))]
    Mail(#[from] InvalidSmtpUrl),
    /// The server listens on other addresses than loopback, but no public URL is set for links.
    #[error(
        "public_url is required to listen on {0}, which other machines can reach: set DOORWARD_PUBLIC_URL to \
         the URL at which users reach the server"
    )]
    PublicUrlNeeded(ListenAddress),
    /// Users on other machines use the server, but no mail server is set. Emails are written to files by default, which is
    /// only useful for development.
    #[error(
        "{} is required, because users on other machines use this server at {}: set it to a mail server, such as \
         smtp://user:password@mail.example.com:587, or to file:{} to write messages to that folder and send none",
        named("mail_url"),
        url.as_str(),
        folder.display()
    )]
    MailNeeded {
        /// The URL of the server.
        url: PublicUrl,
        /// The folder that emails would be written to.
        folder: PathBuf,
    },
}

/// Returns the name of an option in messages: its key in the file and its variable.
fn named(key: &str) -> String {
    format!("{} (DOORWARD_{})", key_in_file(key), key.to_ascii_uppercase())
}

/// Returns an error for the value of an option.
pub(super) fn value(key: &'static str, problem: impl ToString) -> ConfigError {
    ConfigError::Value { key, problem: problem.to_string() }
}

/// Returns an error if a value is outside of a range.
pub(super) fn within<T: PartialOrd + Copy + std::fmt::Display>(
    key: &'static str,
    given: Option<T>,
    range: RangeInclusive<T>,
) -> Result<Option<T>, ConfigError> {
    match given {
        Some(given) if !range.contains(&given) => {
            Err(value(key, format!("it must be {}–{}", range.start(), range.end())))
        }
        given => Ok(given),
    }
}
