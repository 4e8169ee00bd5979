use std::{io, path::PathBuf};

use doorward_adapters::{
    limits::InvalidRedisUrl, mail::InvalidSmtpUrl, storage::InvalidDatabaseUrl,
};
use doorward_domain::mail::PublicUrl;

use super::ListenAddress;

/// The server can't run with this configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file can't be read.
    #[error("the file {} can't be read{advice}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What to do, as far as that is known.
        advice: &'static str,
        /// Why.
        source: io::Error,
    },
    /// A file that holds the value of an option can't be used.
    #[error("{} can't be used: the file {} {problem}", named(key), path.display())]
    ValueFile {
        /// The key.
        key: &'static str,
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The configuration file is wrong. The line itself is not told: it may hold a secret.
    #[error("line {line} of the configuration file {path} is wrong: {problem}")]
    Toml {
        /// Which one.
        path: PathBuf,
        /// Where.
        line: usize,
        /// Why.
        problem: String,
    },
    /// A variable looks like an option and is none.
    #[error(
        "the environment variable {name} is no option of doorward{}: correct or remove it; doorward serve --help \
         lists all options",
        nearest.map(|nearest| format!(" (did you mean {nearest}?)")).unwrap_or_default()
    )]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The option that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A variable is an option but for its letter case.
    #[error("the environment variable {found} is not read: write {name}, in upper case")]
    VariableCase {
        /// As it is.
        found: String,
        /// As it is read.
        name: &'static str,
    },
    /// The value of a variable can't be used.
    #[error("the environment variable {name} can't be used: {problem}")]
    Variable {
        /// The variable.
        name: &'static str,
        /// What is wrong with its value.
        problem: String,
    },
    /// A value can't be used.
    #[error("{} can't be used: {problem}", named(key))]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong with it.
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
    /// Beyond loopback, links have to lead somewhere that others can reach.
    #[error(
        "public_url is needed to listen on {0}, beyond this machine: set DOORWARD_PUBLIC_URL to \
         the URL that people reach the server or its front end by"
    )]
    PublicUrlNeeded(ListenAddress),
    /// Messages are written to files by default, which only the developer of an application reads.
    #[error(
        "{} is needed, because users on other machines use this server at {}: set it to a mail server, such as \
         smtp://user:password@mail.example.com:587, or to file:{} to write messages to that folder and send none",
        named("mail_url"),
        url.as_str(),
        folder.display()
    )]
    MailNeeded {
        /// The URL that others can reach.
        url: PublicUrl,
        /// The folder that messages would be written to.
        folder: PathBuf,
    },
}

/// An option by its key in the file and by its variable.
fn named(key: &str) -> String {
    format!("{key} (DOORWARD_{})", key.to_ascii_uppercase())
}
