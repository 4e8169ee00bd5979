use std::{io, net::SocketAddr, path::PathBuf};

use doorward_adapters::{
    limits::InvalidRedisUrl, mail::InvalidSmtpUrl, storage::InvalidDatabaseUrl,
};
use doorward_domain::email::EmailError;

/// The server can't run with this configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file can't be read.
    #[error("the file {path} can't be read")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
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
    /// A variable looks like one of ours and is none.
    #[error(
        "the environment variable {0} is not one that doorward knows (doorward --help lists them)"
    )]
    UnknownVariable(String),
    /// A value can't be used.
    #[error("{key} can't be used: {problem}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The database URL can't be used.
    #[error("database_url can't be used")]
    Database(#[from] InvalidDatabaseUrl),
    /// The Redis URL can't be used.
    #[error("redis_url can't be used")]
    Redis(#[from] InvalidRedisUrl),
    /// The mail URL can't be used.
    #[error("mail_url can't be used")]
    Mail(#[from] InvalidSmtpUrl),
    /// The sender's address can't be used.
    #[error("mail_from can't be used")]
    MailFrom(#[from] EmailError),
    /// Beyond loopback, links have to lead somewhere that others can reach.
    #[error(
        "public_url is needed to listen on {0}, beyond this machine: set DOORWARD_PUBLIC_URL to \
         the URL that people reach the server or its front end by"
    )]
    PublicUrlNeeded(SocketAddr),
}
