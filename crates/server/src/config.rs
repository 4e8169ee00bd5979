//! Configuration from a TOML file, environment variables, and flags, in ascending order of precedence.

mod check;
mod effective;
mod environment;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod hsts;
mod list;
mod listen;
mod load;
mod log;
mod mail;
mod options;
mod orgs;
mod proxies;
mod public_url;
mod sections;
mod socket_mode;
mod telemetry;
mod value;
mod value_or_file;
mod warnings;

pub use error::ConfigError;
pub use list::Texts;
pub(crate) use listen::DEFAULT_LISTEN;
pub use listen::{InvalidListenAddress, ListenAddress, ListenHost};
pub(crate) use load::Layers;
pub use options::Options;
pub use orgs::OrgCreationOption;
pub(crate) use proxies::DEFAULT_CLIENT_IP_HEADER;
pub use sections::key_in_file;
pub use socket_mode::SocketMode;
pub(crate) use value::flag;

use std::{path::PathBuf, str::FromStr, time::Duration};

use actix_web::http::header::HeaderName;
use doorward_adapters::{
    limits::{Quotas, RedisUrl},
    mail::{HeloName, NamedAddress, SmtpUrl},
    passwords::{BreachedPasswords, HashingOptions, Peppers},
    storage::{DatabaseUrl, PoolOptions},
    tokens::SigningAlgorithm,
};
use doorward_application::Settings;
use doorward_domain::account::profile::Locale;
use ipnet::IpNet;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    http::cors::OriginPattern, observability::telemetry::TelemetryOptions, pages::ThemeOptions,
};

/// The validated configuration of a server.
#[derive(Debug)]
pub struct Config {
    /// The address that the API listens on.
    pub listen: ListenAddress,
    /// The permissions of the Unix sockets.
    pub listen_socket_mode: SocketMode,
    /// The address of the metrics endpoint. `None` disables it.
    pub metrics_listen: Option<ListenAddress>,
    /// The folder for the embedded database, the master key, and emails written to files.
    pub data_dir: PathBuf,
    /// The URL of the database.
    pub database: DatabaseUrl,
    /// The maximum number of database connections. `None` uses the adapter's default.
    pub database_pool_size: Option<u32>,
    /// The maximum time that a request waits for a database connection. `None` uses the adapter's default.
    pub database_wait: Option<Duration>,
    /// The Redis server in which replicas share rate limits. With `None`, each replica counts separately.
    pub redis: Option<RedisUrl>,
    /// The maximum time that a request waits for Redis. `None` uses the adapter's default.
    pub redis_wait: Option<Duration>,
    /// The master key. `None` uses the one in the data folder.
    pub master_key: Option<SecretString>,
    /// Former master keys.
    pub previous_master_keys: Vec<SecretString>,
    /// The configured files of master keys and peppers, each with its option.
    pub key_files: Vec<(&'static str, PathBuf)>,
    /// The settings of the use cases.
    pub settings: Settings,
    /// The algorithm of new signing keys.
    pub signing_algorithm: SigningAlgorithm,
    /// The audience (`aud`) of access tokens.
    pub access_token_audience: String,
    /// The networks of proxies that are trusted to report the client's IP address.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they report it. `None` is `X-Forwarded-For`.
    pub client_ip_header: Option<HeaderName>,
    /// The value of the `Strict-Transport-Security` header. `None` sends no header.
    pub hsts: Option<String>,
    /// The transport of emails.
    pub mail: MailTransport,
    /// Whether `mail.url` is set. Its default is for development.
    pub mail_is_given: bool,
    /// The sender of emails.
    pub mail_from: NamedAddress,
    /// The recipient of replies to emails. `None` is the sender.
    pub mail_reply_to: Option<NamedAddress>,
    /// The name in the SMTP greeting. `None` uses the adapter's default.
    pub mail_helo_name: Option<HeloName>,
    /// The name of the service in emails.
    pub service_name: String,
    /// The folder with email templates that replace the built-in ones.
    pub mail_templates_dir: Option<PathBuf>,
    /// The language of emails to users whose language is unknown.
    pub default_locale: Locale,
    /// The theme of the pages. `None` disables the pages.
    pub pages: Option<ThemeOptions>,
    /// Whether the OpenAPI document and Swagger UI are served.
    pub api_docs_enabled: bool,
    /// The origins of browser front ends that may call the API.
    pub cors_origins: Vec<OriginPattern>,
    /// The rate limits. `None` disables them.
    pub quotas: Option<Quotas>,
    /// The cost of password hashes.
    pub hashing: HashingOptions,
    /// The peppers of password hashes.
    pub peppers: Peppers,
    /// The list of breached passwords.
    pub passwords_breached_path: Option<BreachedPasswords>,
    /// The filter of log lines.
    pub log_filter: String,
    /// The format of log lines.
    pub log_format: LogFormat,
    /// The exporter of traces. `None` disables it.
    pub telemetry: Option<TelemetryOptions>,
    /// The timeouts of client connections.
    pub timeouts: Timeouts,
    /// The time for which the result of a readiness check is cached.
    pub readiness_lifetime: Duration,
    /// The time for which requests are still accepted after SIGTERM, while the server reports not ready.
    pub drain: Duration,
}

impl Config {
    /// Returns `true` if the server is for users on other machines. Features for developers that would harm those users are
    /// then disabled for every request, because a reverse proxy on this machine can make every request look local.
    pub(crate) fn is_public(&self) -> bool {
        let Settings { public_url, frontend_url, .. } = &self.settings;
        !public_url.is_loopback() || !frontend_url.is_loopback()
    }

    /// Returns the maximum number of database connections.
    pub(crate) fn database_connections(&self) -> u32 {
        self.database_pool_size.unwrap_or(PoolOptions::DEFAULT_SIZE)
    }

    /// Checks what matters only to a server that is about to start.
    ///
    /// # Errors
    /// [`ConfigError::MailNeeded`] if users on other machines would get no messages.
    pub(crate) fn check_start(&self) -> Result<(), ConfigError> {
        let Settings { public_url, frontend_url, .. } = &self.settings;
        match &self.mail {
            MailTransport::File(folder) if self.is_public() && !self.mail_is_given => {
                let url = if public_url.is_loopback() { frontend_url } else { public_url };
                Err(ConfigError::MailNeeded { url: url.clone(), folder: folder.clone() })
            }
            MailTransport::File(_) | MailTransport::Smtp(_) => Ok(()),
        }
    }
}

/// The timeouts of client connections.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// The time to receive the head of the first request.
    pub head: Duration,
    /// The time to receive a body.
    pub body: Duration,
    /// The time to wait for the next request on a connection while the client sends nothing.
    pub keep_alive: Duration,
    /// The time to receive the next request on a connection, including the time in which the client reads the previous
    /// response.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            // Long enough for 64 KiB on any usable connection.
            body: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            idle: Duration::from_secs(120),
        }
    }
}

/// The transport of emails.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// Writes emails to a folder, for development.
    File(PathBuf),
    /// Sends emails to a mail server.
    Smtp(SmtpUrl),
}

/// The form of `mail.url`, without the user and the password.
impl std::fmt::Display for MailTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(folder) => write!(f, "file:{}", folder.display()),
            Self::Smtp(url) => url.fmt(f),
        }
    }
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Readable text.
    Pretty,
    /// One JSON object per line.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "pretty" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            _ => Err("it must be pretty or json"),
        }
    }
}
