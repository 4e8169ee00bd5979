use std::{ffi::OsStr, fmt::Display, path::PathBuf, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    ConfigError, ListenAddress, LogFormat, SocketMode, Texts,
    value::{flag, variable},
};

/// Defines the options once: as keys of the file, environment variables and flags.
macro_rules! options {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty, $env:literal, value_name = $value:literal;)+) => {
        /// Everything that can be configured, as far as it was.
        #[derive(Debug, Default, Clone, clap::Args, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Options {
            $(
                $(#[doc = $doc])+
                #[arg(
                    long,
                    global = true,
                    hide_short_help = true,
                    hide_long_help = true,
                    value_name = $value,
                    value_parser = flag::<$type>,
                )]
                pub $name: Option<$type>,
            )+
        }

        impl Options {
            /// The environment variables that are read.
            pub const VARIABLES: &[&str] = &[$($env),+];

            /// Every option: its key, its variable, and what it is for. The page about them is made of this.
            pub const DESCRIPTIONS: &[(&str, &str, &str)] =
                &[$((stringify!($name), $env, concat!($($doc),+))),+];

            /// Reads the options that are given by variables.
            pub(super) fn from_variables<'a>(
                get: impl Fn(&str) -> Option<&'a OsStr>,
            ) -> Result<Self, ConfigError> {
                Ok(Self { $($name: variable($env, get($env))?,)+ })
            }

            /// Removes texts that are empty: they are not given.
            pub(super) fn without_empty(self) -> Self {
                Self { $($name: self.$name.filter(|value| !Show::is_empty(value)),)+ }
            }

            /// Every option with its value, if it has one, as it may be seen by anybody.
            pub(crate) fn entries(&self) -> Vec<(&'static str, Option<String>)> {
                vec![$((stringify!($name), self.$name.as_ref().map(Show::show)),)+]
            }

            /// Takes from `other` what is not set here.
            #[must_use]
            pub(crate) fn or(self, mut other: Self) -> Self {
                self.hide_pairs_of(&mut other);
                Self { $($name: self.$name.or(other.$name),)+ }
            }
        }
    };
}

/// Options that say the same thing, by a text and by a file that holds it.
macro_rules! pairs {
    ($($text:ident, $file:ident;)+) => {
        impl Options {
            /// Whichever of a pair is set here hides both in a lower layer.
            fn hide_pairs_of(&self, lower: &mut Self) {
                $(if self.$text.is_some() || self.$file.is_some() {
                    (lower.$text, lower.$file) = (None, None);
                })+
            }

            /// Of a pair one may be set.
            pub(super) fn check_pairs(&self) -> Result<(), (&'static str, &'static str)> {
                $(if self.$text.is_some() && self.$file.is_some() {
                    let problem = concat!(stringify!($text), " is given as well: give one of the two");
                    return Err((stringify!($file), problem));
                })+
                Ok(())
            }
        }
    };
}

pairs! {
    database_url, database_url_file;
    redis_url, redis_url_file;
    mail_url, mail_url_file;
    secret, secret_file;
    previous_secrets, previous_secrets_file;
    pepper, pepper_file;
    previous_peppers, previous_peppers_file;
}

/// A list: an array in the file, separated by commas elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct List<T>(pub Vec<T>);

impl<T: FromStr<Err: Display>> FromStr for List<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let items = match array(text) {
            Some(items) => items?,
            None => text.split(',').map(ToOwned::to_owned).collect(),
        };
        let items = items.iter().map(|item| item.trim()).filter(|item| !item.is_empty());
        let parsed = items.map(|item| item.parse().map_err(|error| format!("{item}: {error}")));
        parsed.collect::<Result<_, _>>().map(Self)
    }
}

/// Reads a list that is written as an array of JSON or TOML; `None` if it is not. An IPv6 address in brackets is none.
pub(super) fn array(text: &str) -> Option<Result<Vec<String>, String>> {
    let inner = text.strip_prefix('[')?.trim_start();
    if !inner.starts_with(['"', '\'', ']']) {
        return None;
    }
    #[derive(Deserialize)]
    struct Array {
        items: Vec<String>,
    }
    let array = toml::from_str::<Array>(&format!("items = {text}"));
    let problem = "it is no array of texts: write them separated by commas, without brackets";
    Some(array.map(|array| array.items).map_err(|_| problem.to_owned()))
}

/// A text that is not shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub SecretString);

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.into()))
    }
}

/// How a value is shown to anybody: a secret is not.
trait Show {
    fn show(&self) -> String;

    /// Returns `true` for a text without content.
    fn is_empty(&self) -> bool {
        false
    }
}

macro_rules! show {
    ($($type:ty),+) => {$(
        impl Show for $type {
            fn show(&self) -> String {
                self.to_string()
            }
        }
    )+};
}

show!(ListenAddress, SocketMode, bool, f64, u8, u16, u32, usize);

impl Show for String {
    fn show(&self) -> String {
        self.clone()
    }

    fn is_empty(&self) -> bool {
        self.trim().is_empty()
    }
}

impl Show for Texts {
    fn show(&self) -> String {
        self.to_string()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Show for PathBuf {
    fn show(&self) -> String {
        self.display().to_string()
    }

    fn is_empty(&self) -> bool {
        self.as_os_str().is_empty()
    }
}

impl Show for Secret {
    fn show(&self) -> String {
        "(secret)".to_owned()
    }

    fn is_empty(&self) -> bool {
        self.0.expose_secret().trim().is_empty()
    }
}

impl Show for LogFormat {
    fn show(&self) -> String {
        match self {
            Self::Pretty => "pretty".to_owned(),
            Self::Json => "json".to_owned(),
        }
    }
}

impl<T: Show> Show for List<T> {
    fn show(&self) -> String {
        self.0.iter().map(Show::show).collect::<Vec<_>>().join(",")
    }
}

options! {
    /// Address that the API listens on: ADDRESS:PORT, or unix:/path/to/socket behind a proxy (default: 127.0.0.1:8080)
    listen: ListenAddress, "DOORWARD_LISTEN", value_name = "ADDRESS:PORT";
    /// Permissions of Unix sockets that are listened on, in octal digits (default: 660)
    listen_socket_mode: SocketMode, "DOORWARD_LISTEN_SOCKET_MODE", value_name = "MODE";
    /// Address of the Prometheus endpoint (/metrics), as that of the API; for operators alone (default: none)
    metrics_listen: ListenAddress, "DOORWARD_METRICS_LISTEN", value_name = "ADDRESS:PORT";
    /// Where people reach the server: the issuer of tokens, and what links begin with (default: http://LISTEN)
    public_url: String, "DOORWARD_PUBLIC_URL", value_name = "URL";
    /// The folder for the embedded database, the secret and the mails (default: ./doorward-data)
    data_dir: PathBuf, "DOORWARD_DATA_DIR", value_name = "FOLDER";
    /// sqlite:///path/to/file or postgres://user:password@host/database (default: doorward.db in the data folder)
    database_url: Secret, "DOORWARD_DATABASE_URL", value_name = "URL";
    /// A file that holds the database URL
    database_url_file: PathBuf, "DOORWARD_DATABASE_URL_FILE", value_name = "FILE";
    /// Connections to PostgreSQL (default 32, and one more a core that access tokens are looked up over), or readers of SQLite (default 4)
    database_pool_size: u32, "DOORWARD_DATABASE_POOL_SIZE", value_name = "N";
    /// redis://user:password@host/0, or rediss:// for TLS, where replicas count limits together (default: each by itself)
    redis_url: Secret, "DOORWARD_REDIS_URL", value_name = "URL";
    /// A file that holds the Redis URL
    redis_url_file: PathBuf, "DOORWARD_REDIS_URL_FILE", value_name = "FILE";
    /// The master secret, of 32 characters or more; one for all replicas (default: made in the data folder)
    secret: Secret, "DOORWARD_SECRET", value_name = "TEXT";
    /// A file that holds the master secret
    secret_file: PathBuf, "DOORWARD_SECRET_FILE", value_name = "FILE";
    /// Former master secrets, still good for what was made with them
    previous_secrets: List<Secret>, "DOORWARD_PREVIOUS_SECRETS", value_name = "TEXT,…";
    /// A file that holds former master secrets, one a line
    previous_secrets_file: PathBuf, "DOORWARD_PREVIOUS_SECRETS_FILE", value_name = "FILE";
    /// Whether people may register without an invite (default: true)
    allow_registration: bool, "DOORWARD_ALLOW_REGISTRATION", value_name = "BOOL";
    /// Whether an e-mail address has to be verified before its account may be used (default: false)
    require_verified_email: bool, "DOORWARD_REQUIRE_VERIFIED_EMAIL", value_name = "BOOL";
    /// Addresses or networks of proxies that are trusted to name the client, such as 10.0.0.0/8 (default: none)
    trusted_proxies: Texts, "DOORWARD_TRUSTED_PROXIES", value_name = "CIDR,…";
    /// The header by which they name it: X-Forwarded-For, Forwarded, or one with a single address such as X-Real-IP (default: X-Forwarded-For)
    client_ip_header: String, "DOORWARD_CLIENT_IP_HEADER", value_name = "NAME";
    /// The Strict-Transport-Security of responses, such as max-age=31536000; includeSubDomains, or off (default: max-age=31536000 if the public URL is https: without a path)
    hsts: String, "DOORWARD_HSTS", value_name = "POLICY";
    /// Whether the pages for people are served: /sign-in, /account and what mails lead to (default: true)
    pages_enabled: bool, "DOORWARD_PAGES_ENABLED", value_name = "BOOL";
    /// Where links in mails lead to, if not to the pages of this server (default: the public URL)
    frontend_url: String, "DOORWARD_FRONTEND_URL", value_name = "URL";
    /// A picture on pages in the place of the service's name: .svg, .png, .webp or .jpg (default: none)
    logo: PathBuf, "DOORWARD_LOGO", value_name = "FILE";
    /// The colour of buttons on pages, as CSS has it (default: #4338ca)
    accent_color: String, "DOORWARD_ACCENT_COLOR", value_name = "COLOR";
    /// Whether the OpenAPI document and Swagger UI are served (default: true)
    docs_enabled: bool, "DOORWARD_DOCS_ENABLED", value_name = "BOOL";
    /// Origins of browser front ends that may call the API, such as `https://app.example.com`, `https://*.example.com` or `capacitor://localhost` (default: none)
    cors_origins: Texts, "DOORWARD_CORS_ORIGINS", value_name = "ORIGIN,…";
    /// Where mails go: smtp://user:password@host:587 (STARTTLS), smtps:// (TLS), or file: for a folder and /dev/mail (default: file:)
    mail_url: Secret, "DOORWARD_MAIL_URL", value_name = "URL";
    /// A file that holds the mail URL
    mail_url_file: PathBuf, "DOORWARD_MAIL_URL_FILE", value_name = "FILE";
    /// The sender of emails: an address, or a name and an address, as in `Acme <auth@example.com>` (default: doorward@ and the host of the public URL)
    mail_from: String, "DOORWARD_MAIL_FROM", value_name = "ADDRESS";
    /// Where replies to emails go: an address, or a name and an address (default: to the sender)
    mail_reply_to: String, "DOORWARD_MAIL_REPLY_TO", value_name = "ADDRESS";
    /// The name in the SMTP greeting (`EHLO`), a full host name or an IP address (default: the host of the public URL, else the machine's name, else its address)
    mail_helo_name: String, "DOORWARD_MAIL_HELO_NAME", value_name = "NAME";
    /// What mails and pages call the service (default: Doorward)
    service_name: String, "DOORWARD_SERVICE_NAME", value_name = "NAME";
    /// A folder with templates of mails in the place of the built-in ones, such as de/invite.txt (default: none)
    mail_templates: PathBuf, "DOORWARD_MAIL_TEMPLATES", value_name = "FOLDER";
    /// The language of mails to people who have chosen none, or one that there are no templates for (default: en)
    default_locale: String, "DOORWARD_DEFAULT_LOCALE", value_name = "TAG";
    /// The audience (`aud`) of access tokens (default: doorward)
    audience: String, "DOORWARD_AUDIENCE", value_name = "TEXT";
    /// What new signing keys are for, EdDSA or ES256; `doorward keys rotate` makes one (default: EdDSA)
    signing_algorithm: String, "DOORWARD_SIGNING_ALGORITHM", value_name = "NAME";
    /// How long a signing key signs before the next one does; 0 for as long as nobody rotates (default: 90)
    key_rotation_days: u16, "DOORWARD_KEY_ROTATION_DAYS", value_name = "N";
    /// How long an access token lasts, 1–60 (default: 15)
    access_token_minutes: u16, "DOORWARD_ACCESS_TOKEN_MINUTES", value_name = "N";
    /// An unused session ends after this (default: 14)
    session_idle_days: u16, "DOORWARD_SESSION_IDLE_DAYS", value_name = "N";
    /// Every session ends after this (default: 90)
    session_absolute_days: u16, "DOORWARD_SESSION_ABSOLUTE_DAYS", value_name = "N";
    /// How long a used refresh token gets its successor again, 0–60 (default: 10)
    refresh_grace_seconds: u16, "DOORWARD_REFRESH_GRACE_SECONDS", value_name = "N";
    /// Whether the limits below hold (default: true)
    limits_enabled: bool, "DOORWARD_LIMITS_ENABLED", value_name = "BOOL";
    /// Registrations a minute from one address (default: 10); of IPv6 from one /64, and 4 and 16 times as many from its /56 and /48, as with the limits below
    limit_register: u32, "DOORWARD_LIMIT_REGISTER", value_name = "N";
    /// Sign-ins a minute from one address (default: 20)
    limit_login: u32, "DOORWARD_LIMIT_LOGIN", value_name = "N";
    /// Failed sign-ins a minute to one account (default: 10); one network that the account does not know has 2 beside those that others have spent
    limit_login_failures: u32, "DOORWARD_LIMIT_LOGIN_FAILURES", value_name = "N";
    /// Refreshes a minute from one address (default: 60)
    limit_refresh: u32, "DOORWARD_LIMIT_REFRESH", value_name = "N";
    /// Requests a minute from one address that may send a mail (default: 5)
    limit_mail: u32, "DOORWARD_LIMIT_MAIL", value_name = "N";
    /// Checks of a new password while it is typed, a minute from one address (default: 240)
    limit_password_check: u32, "DOORWARD_LIMIT_PASSWORD_CHECK", value_name = "N";
    /// Other requests a minute from one address (default: 600)
    limit_other: u32, "DOORWARD_LIMIT_OTHER", value_name = "N";
    /// A secret of 32 characters or more that goes into password hashes and is in no database (default: none)
    pepper: Secret, "DOORWARD_PEPPER", value_name = "TEXT";
    /// A file that holds the pepper
    pepper_file: PathBuf, "DOORWARD_PEPPER_FILE", value_name = "FILE";
    /// Former peppers, still good for the hashes that were made with them
    previous_peppers: List<Secret>, "DOORWARD_PREVIOUS_PEPPERS", value_name = "TEXT,…";
    /// A file that holds former peppers, one a line
    previous_peppers_file: PathBuf, "DOORWARD_PREVIOUS_PEPPERS_FILE", value_name = "FILE";
    /// A list of breached passwords from Have I Been Pwned: its file, or its folder of ranges (default: none)
    breached_passwords: PathBuf, "DOORWARD_BREACHED_PASSWORDS", value_name = "PATH";
    /// Memory of one password hash, in KiB (default: 19456)
    hash_memory_kib: u32, "DOORWARD_HASH_MEMORY_KIB", value_name = "N";
    /// Passes of one password hash (default: 2)
    hash_passes: u32, "DOORWARD_HASH_PASSES", value_name = "N";
    /// Threads that hash passwords (default: as many as there are cores)
    hash_threads: usize, "DOORWARD_HASH_THREADS", value_name = "N";
    /// Passwords that may wait to be hashed, each for three seconds at most; an eighth of the places is kept for known devices and signed-in users (default: 256)
    hash_queue: usize, "DOORWARD_HASH_QUEUE", value_name = "N";
    /// How much lower the priority of those threads is than that of others, 0–19 (default: 10)
    hash_nice: u8, "DOORWARD_HASH_NICE", value_name = "N";
    /// Which log lines are written, such as debug or doorward_server=debug,info (default: info)
    log: String, "DOORWARD_LOG", value_name = "FILTER";
    /// How log lines are written, pretty or json (default: pretty on a terminal, else json)
    log_format: LogFormat, "DOORWARD_LOG_FORMAT", value_name = "FORMAT";
    /// A collector that takes traces by OTLP over HTTP, such as http://collector:4318 (default: none)
    otlp_endpoint: String, "DOORWARD_OTLP_ENDPOINT", value_name = "URL";
    /// What the server is called in traces (default: doorward)
    otlp_service_name: String, "DOORWARD_OTLP_SERVICE_NAME", value_name = "NAME";
    /// Which part of the traces that begin here is sent, 0–1 (default: 1)
    otlp_sample_ratio: f64, "DOORWARD_OTLP_SAMPLE_RATIO", value_name = "RATIO";
    /// How long requests are still taken after SIGTERM, with readiness off (default: 0)
    drain_seconds: u16, "DOORWARD_DRAIN_SECONDS", value_name = "N";
}
