//! Configuration: a TOML file, then environment variables, then flags; later ones win.

mod check;
mod effective;
mod environment;
mod error;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod given;
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
mod socket_mode;
mod telemetry;
mod value;
mod warnings;

pub use error::ConfigError;
pub use list::Texts;
pub(crate) use listen::DEFAULT_LISTEN;
pub use listen::{InvalidListenAddress, ListenAddress, ListenHost};
pub(crate) use load::Layers;
pub use options::Options;
pub use orgs::OrgCreationOption;
pub(crate) use proxies::DEFAULT_CLIENT_IP_HEADER;
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
use doorward_domain::profile::Locale;
use ipnet::IpNet;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{cors::OriginPattern, pages::ThemeOptions, telemetry::TelemetryOptions};

/// What the server runs with, checked.
#[derive(Debug)]
pub struct Config {
    /// Where the API listens.
    pub listen: ListenAddress,
    /// The permissions of Unix sockets that are listened on.
    pub listen_socket_mode: SocketMode,
    /// Where metrics are told, if anywhere.
    pub metrics_listen: Option<ListenAddress>,
    /// The folder for the embedded database, the secret and the mails.
    pub data_dir: PathBuf,
    /// Where the database is.
    pub database: DatabaseUrl,
    /// Connections to it; `None` takes the adapter's default.
    pub database_pool_size: Option<u32>,
    /// How long a request waits for one; `None` takes the adapter's default.
    pub database_wait: Option<Duration>,
    /// Where replicas count limits together; `None` lets each count by itself.
    pub redis: Option<RedisUrl>,
    /// How long a request waits for Redis; `None` takes the adapter's default.
    pub redis_wait: Option<Duration>,
    /// The master secret; `None` keeps one in the data folder.
    pub secret: Option<SecretString>,
    /// Former master secrets.
    pub previous_secrets: Vec<SecretString>,
    /// What the use cases are told.
    pub settings: Settings,
    /// What new signing keys are for.
    pub signing_algorithm: SigningAlgorithm,
    /// `aud` of access tokens.
    pub audience: String,
    /// Proxies that are trusted to say which client a request comes from.
    pub trusted_proxies: Vec<IpNet>,
    /// The header by which they say it; `None` is `X-Forwarded-For`.
    pub client_ip_header: Option<HeaderName>,
    /// The value of `Strict-Transport-Security`; `None` sends none.
    pub hsts: Option<String>,
    /// Where mails go.
    pub mail: MailTransport,
    /// Whether `mail_url` says so; its default is for development.
    pub mail_is_given: bool,
    /// The sender of mails.
    pub mail_from: NamedAddress,
    /// Where replies to mails go, if not to the sender.
    pub mail_reply_to: Option<NamedAddress>,
    /// What the server calls itself to mail servers; `None` takes the adapter's default.
    pub mail_helo_name: Option<HeloName>,
    /// The name of the service, in mails.
    pub service_name: String,
    /// Templates of mails in the place of the built-in ones.
    pub mail_templates: Option<PathBuf>,
    /// The language of mails to people of whom none is known.
    pub default_locale: Locale,
    /// How pages look; `None` serves none.
    pub pages: Option<ThemeOptions>,
    /// Whether the OpenAPI document and Swagger UI are served.
    pub docs_enabled: bool,
    /// Origins of browser front ends.
    pub cors_origins: Vec<OriginPattern>,
    /// How often what may be done; `None` for as often as one likes.
    pub quotas: Option<Quotas>,
    /// What passwords cost.
    pub hashing: HashingOptions,
    /// What goes into their hashes beside them.
    pub peppers: Peppers,
    /// Passwords that were in leaks.
    pub breached_passwords: Option<BreachedPasswords>,
    /// Which log lines are written.
    pub log: String,
    /// How they are written.
    pub log_format: LogFormat,
    /// Where traces go, if anywhere.
    pub telemetry: Option<TelemetryOptions>,
    /// How long clients are waited for.
    pub timeouts: Timeouts,
    /// How long what a check of readiness has found is the response to others.
    pub readiness_lifetime: Duration,
    /// How long requests are still taken after SIGTERM, with readiness off.
    pub drain: Duration,
}

impl Config {
    /// Returns `true` if the server is for users on other machines. What helps its developer and harms them is disabled
    /// then, whatever a request looks like: a reverse proxy on this machine can make every request look local.
    pub(crate) fn is_public(&self) -> bool {
        let Settings { public_url, frontend_url, .. } = &self.settings;
        !public_url.is_loopback() || !frontend_url.is_loopback()
    }

    /// Returns how many connections to the database there may be.
    pub(crate) fn database_connections(&self) -> u32 {
        self.database_pool_size.unwrap_or(PoolOptions::DEFAULT_SIZE)
    }

    /// Checks what only matters to a server that is about to start.
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

/// How long clients are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For the head of the first request.
    pub head: Duration,
    /// For a body.
    pub body: Duration,
    /// For the next request on a connection, if nothing comes.
    pub keep_alive: Duration,
    /// For the next request on a connection, whatever comes, and for the client to read the response before it.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            // A client that takes longer to send 64 KiB is not worth the wait.
            body: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            idle: Duration::from_secs(120),
        }
    }
}

/// Where mails go.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// Into a folder, for development.
    File(PathBuf),
    /// To a mail server.
    Smtp(SmtpUrl),
}

/// As `mail_url` has it, without a user and a password.
impl std::fmt::Display for MailTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(folder) => write!(f, "file:{}", folder.display()),
            Self::Smtp(url) => url.fmt(f),
        }
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
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
