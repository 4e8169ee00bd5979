use std::{ffi::OsStr, fmt::Display, path::PathBuf, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    ConfigError, ListenAddress, LogFormat, OrgCreationOption, SocketMode, Texts,
    value::{flag, variable},
};

/// Defines each option once, as a key of the file, an environment variable, and a flag.
macro_rules! options {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty, $env:literal, value_name = $value:literal;)+) => {
        /// All options. `None` if an option is not set.
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
            /// The names of the environment variables.
            pub const VARIABLES: &[&str] = &[$($env),+];

            /// The key, variable, and description of every option. The table in `docs/reference/configuration.md` is
            /// generated from them.
            pub const DESCRIPTIONS: &[(&str, &str, &str)] =
                &[$((stringify!($name), $env, concat!($($doc),+))),+];

            /// Reads the options that are set by environment variables.
            pub(super) fn from_variables<'a>(
                get: impl Fn(&str) -> Option<&'a OsStr>,
            ) -> Result<Self, ConfigError> {
                Ok(Self { $($name: variable($env, get($env))?,)+ })
            }

            /// Removes empty texts, which count as not set.
            pub(super) fn without_empty(self) -> Self {
                Self { $($name: self.$name.filter(|value| !Show::is_empty(value)),)+ }
            }

            /// Returns every option with its value, if it is set. Secrets are not shown.
            pub(crate) fn entries(&self) -> Vec<(&'static str, Option<String>)> {
                vec![$((stringify!($name), self.$name.as_ref().map(Show::show)),)+]
            }

            /// Returns these options, with those of `other` where they are not set.
            #[must_use]
            pub(crate) fn or(self, mut other: Self) -> Self {
                self.hide_pairs_of(&mut other);
                Self { $($name: self.$name.or(other.$name),)+ }
            }
        }
    };
}

/// Defines pairs of options that set the same value: one contains the value, the other names a file that contains it.
macro_rules! pairs {
    ($($text:ident, $file:ident;)+) => {
        impl Options {
            /// Removes both options of a pair from a layer with lower precedence if one of them is set here.
            fn hide_pairs_of(&self, lower: &mut Self) {
                $(if self.$text.is_some() || self.$file.is_some() {
                    (lower.$text, lower.$file) = (None, None);
                })+
            }

            /// Checks that at most one option of each pair is set.
            pub(super) fn check_pairs(&self) -> Result<(), (&'static str, &'static str)> {
                $(if self.$text.is_some() && self.$file.is_some() {
                    let problem = concat!(stringify!($text), " is also set: set only one of the two");
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
    master_key, master_key_file;
    previous_master_keys, previous_master_keys_file;
    passwords_pepper, passwords_pepper_file;
    passwords_previous_peppers, passwords_previous_peppers_file;
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

/// Parses a list in the form of a JSON or TOML array. Returns `None` if the text is not an array. An IPv6 address in
/// brackets is not an array.
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
    let problem =
        "it is not an array of strings: write the items separated by commas, without brackets";
    Some(array.map(|array| array.items).map_err(|_| problem.to_owned()))
}

/// A text that is never shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub SecretString);

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.into()))
    }
}

/// Formats a value for display. Secrets are not shown.
trait Show {
    fn show(&self) -> String;

    /// Returns `true` if the value is empty.
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

show!(OrgCreationOption, ListenAddress, SocketMode, bool, f64, u8, u16, u32, usize);

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
    /// Permissions of the Unix sockets in `listen` and `metrics.listen`, in octal digits (default: 660)
    listen_socket_mode: SocketMode, "DOORWARD_LISTEN_SOCKET_MODE", value_name = "MODE";
    /// Address of the Prometheus endpoint (/metrics), in the format of `listen`; don't expose it publicly (default:
    /// none)
    metrics_listen: ListenAddress, "DOORWARD_METRICS_LISTEN", value_name = "ADDRESS:PORT";
    /// URL at which users reach the server: the issuer of tokens and the base of links (default: http://LISTEN)
    public_url: String, "DOORWARD_PUBLIC_URL", value_name = "URL";
    /// Folder for the embedded database, the master key, and emails written to files (default: ./doorward-data)
    data_dir: PathBuf, "DOORWARD_DATA_DIR", value_name = "FOLDER";
    /// URL of the database: sqlite:///path/to/file or postgres://user:password@host/database (default: doorward.db in
    /// the data folder)
    database_url: Secret, "DOORWARD_DATABASE_URL", value_name = "URL";
    /// File that contains the database URL
    database_url_file: PathBuf, "DOORWARD_DATABASE_URL_FILE", value_name = "FILE";
    /// Maximum number of connections to PostgreSQL (default: 32, plus one per core to look up access tokens) or of
    /// SQLite readers (default: 4)
    database_pool_size: u32, "DOORWARD_DATABASE_POOL_SIZE", value_name = "N";
    /// URL of the Redis server in which replicas share rate limits: redis://user:password@host/0, or rediss:// for TLS
    /// (default: each replica counts separately)
    redis_url: Secret, "DOORWARD_REDIS_URL", value_name = "URL";
    /// File that contains the Redis URL
    redis_url_file: PathBuf, "DOORWARD_REDIS_URL_FILE", value_name = "FILE";
    /// Master key of at least 32 characters; the same for all replicas (default: generated in the data folder)
    master_key: Secret, "DOORWARD_MASTER_KEY", value_name = "TEXT";
    /// File that contains the master key
    master_key_file: PathBuf, "DOORWARD_MASTER_KEY_FILE", value_name = "FILE";
    /// Former master keys, still accepted for the keys and tokens that depend on them
    previous_master_keys: List<Secret>, "DOORWARD_PREVIOUS_MASTER_KEYS", value_name = "TEXT,…";
    /// File that contains former master keys, one per line
    previous_master_keys_file: PathBuf, "DOORWARD_PREVIOUS_MASTER_KEYS_FILE", value_name = "FILE";
    /// Whether users may register without an invite (default: true)
    allow_registration: bool, "DOORWARD_ALLOW_REGISTRATION", value_name = "BOOL";
    /// Whether users must verify their email address before they can use their account (default: false)
    require_verified_email: bool, "DOORWARD_REQUIRE_VERIFIED_EMAIL", value_name = "BOOL";
    /// Who may create organizations: all, verified (users with a verified email address), or admins (default: all, or
    /// admins if registration is closed)
    organizations_allow_creation: OrgCreationOption, "DOORWARD_ORGANIZATIONS_ALLOW_CREATION", value_name = "WHO";
    /// Maximum number of organizations that an account may own, not counting its personal one; 0 for no limit (default:
    /// 50)
    organizations_max_per_account: u32, "DOORWARD_ORGANIZATIONS_MAX_PER_ACCOUNT", value_name = "N";
    /// Domains whose email addresses may be invited, such as example.com or *.example.com (default: all)
    invites_domains: Texts, "DOORWARD_INVITES_DOMAINS", value_name = "DOMAIN,…";
    /// Maximum number of invites that an account may send per day; 0 for no limit (default: 250)
    invites_per_account_per_day: u32, "DOORWARD_INVITES_PER_ACCOUNT_PER_DAY", value_name = "N";
    /// Maximum number of invites that an email address may receive per day, from all accounts; 0 for no limit (default:
    /// 5)
    invites_per_recipient_per_day: u32, "DOORWARD_INVITES_PER_RECIPIENT_PER_DAY", value_name = "N";
    /// IP addresses or networks of the proxies that are trusted to report the client's IP address, such as 10.0.0.0/8
    /// (default: none)
    trusted_proxies: Texts, "DOORWARD_TRUSTED_PROXIES", value_name = "CIDR,…";
    /// Header in which trusted proxies report the client's IP address: X-Forwarded-For, Forwarded, or a header with a
    /// single address such as X-Real-IP (default: X-Forwarded-For)
    client_ip_header: String, "DOORWARD_CLIENT_IP_HEADER", value_name = "NAME";
    /// Value of the Strict-Transport-Security header, such as max-age=31536000; includeSubDomains, or off (default:
    /// max-age=31536000 if the public URL is an https: URL without a path)
    hsts: String, "DOORWARD_HSTS", value_name = "POLICY";
    /// Whether the hosted pages are served: /sign-in, /account, and the targets of links in emails (default: true)
    pages_enabled: bool, "DOORWARD_PAGES_ENABLED", value_name = "BOOL";
    /// Base of the links in emails, if they lead to your own front end instead of the hosted pages (default: the public
    /// URL)
    frontend_url: String, "DOORWARD_FRONTEND_URL", value_name = "URL";
    /// Logo shown on pages instead of the service name: an .svg, .png, .webp, or .jpg file (default: none)
    pages_logo_file: PathBuf, "DOORWARD_PAGES_LOGO_FILE", value_name = "FILE";
    /// Color of buttons on pages, as a CSS color (default: #4338ca)
    pages_accent_color: String, "DOORWARD_PAGES_ACCENT_COLOR", value_name = "COLOR";
    /// Whether the OpenAPI document and Swagger UI are served (default: true)
    api_docs_enabled: bool, "DOORWARD_API_DOCS_ENABLED", value_name = "BOOL";
    /// Origins of browser front ends that may call the API, such as `https://app.example.com`, `https://*.example.com`,
    /// or `capacitor://localhost` (default: none)
    cors_origins: Texts, "DOORWARD_CORS_ORIGINS", value_name = "ORIGIN,…";
    /// URL of the mail server: smtp://user:password@host:587 (STARTTLS) or smtps:// (TLS), or file: to write emails to
    /// a folder (default: file:, with /dev/mail; required if the public URL leads to another machine)
    mail_url: Secret, "DOORWARD_MAIL_URL", value_name = "URL";
    /// File that contains the mail URL
    mail_url_file: PathBuf, "DOORWARD_MAIL_URL_FILE", value_name = "FILE";
    /// Sender of emails: an email address, or a name and an email address, as in `Acme <auth@example.com>` (default:
    /// doorward@ and the host of the public URL)
    mail_from: String, "DOORWARD_MAIL_FROM", value_name = "ADDRESS";
    /// Recipient of replies to emails: an email address, or a name and an email address (default: the sender)
    mail_reply_to: String, "DOORWARD_MAIL_REPLY_TO", value_name = "ADDRESS";
    /// Name in the SMTP greeting (`EHLO`): a fully qualified host name or an IP address (default: the host of the
    /// public URL, else the machine's name, else its IP address)
    mail_helo_name: String, "DOORWARD_MAIL_HELO_NAME", value_name = "NAME";
    /// Name of the service in emails and on pages (default: Doorward)
    service_name: String, "DOORWARD_SERVICE_NAME", value_name = "NAME";
    /// Folder with email templates that replace the built-in ones, such as de/invite.txt (default: none)
    mail_templates_dir: PathBuf, "DOORWARD_MAIL_TEMPLATES_DIR", value_name = "FOLDER";
    /// Language of emails to users who have not chosen one, or whose language has no templates (default: en)
    default_locale: String, "DOORWARD_DEFAULT_LOCALE", value_name = "TAG";
    /// Audience (`aud`) of access tokens (default: doorward)
    access_tokens_audience: String, "DOORWARD_ACCESS_TOKENS_AUDIENCE", value_name = "TEXT";
    /// Algorithm of new signing keys: EdDSA or ES256; `doorward keys rotate` creates one (default: EdDSA)
    signing_keys_algorithm: String, "DOORWARD_SIGNING_KEYS_ALGORITHM", value_name = "NAME";
    /// Days until the next signing key takes over; 0 disables automatic rotation (default: 90)
    signing_keys_rotation_days: u16, "DOORWARD_SIGNING_KEYS_ROTATION_DAYS", value_name = "N";
    /// Lifetime of access tokens in minutes, 1–60 (default: 15)
    access_tokens_lifetime_minutes: u16, "DOORWARD_ACCESS_TOKENS_LIFETIME_MINUTES", value_name = "N";
    /// Days after which an unused session expires (default: 14)
    sessions_idle_timeout_days: u16, "DOORWARD_SESSIONS_IDLE_TIMEOUT_DAYS", value_name = "N";
    /// Maximum lifetime of a session in days (default: 90)
    sessions_max_lifetime_days: u16, "DOORWARD_SESSIONS_MAX_LIFETIME_DAYS", value_name = "N";
    /// Reuse interval of refresh tokens: seconds during which a used refresh token returns its successor again, 0–60
    /// (default: 10)
    sessions_refresh_token_reuse_interval_seconds: u16, "DOORWARD_SESSIONS_REFRESH_TOKEN_REUSE_INTERVAL_SECONDS", value_name = "N";
    /// Whether rate limits are enforced (default: true)
    rate_limits_enabled: bool, "DOORWARD_RATE_LIMITS_ENABLED", value_name = "BOOL";
    /// Registrations per minute from one IP address (default: 10); IPv6 addresses count by /64, and a /56 and /48 may
    /// use 4 and 16 times the limit, as with the limits below
    rate_limits_register_per_minute: u32, "DOORWARD_RATE_LIMITS_REGISTER_PER_MINUTE", value_name = "N";
    /// Sign-ins per minute from one IP address (default: 20)
    rate_limits_login_per_minute: u32, "DOORWARD_RATE_LIMITS_LOGIN_PER_MINUTE", value_name = "N";
    /// Failed sign-ins per minute to one account (default: 10); a network that the account has not signed in from has 2
    /// of its own, even if others have used up the limit
    rate_limits_login_failures_per_minute: u32, "DOORWARD_RATE_LIMITS_LOGIN_FAILURES_PER_MINUTE", value_name = "N";
    /// Token refreshes per minute from one IP address (default: 60)
    rate_limits_refresh_per_minute: u32, "DOORWARD_RATE_LIMITS_REFRESH_PER_MINUTE", value_name = "N";
    /// Requests that may send an email, per minute from one IP address (default: 5)
    rate_limits_mail_per_minute: u32, "DOORWARD_RATE_LIMITS_MAIL_PER_MINUTE", value_name = "N";
    /// Checks of a new password while it is typed, per minute from one IP address (default: 120)
    rate_limits_password_check_per_minute: u32, "DOORWARD_RATE_LIMITS_PASSWORD_CHECK_PER_MINUTE", value_name = "N";
    /// Other requests per minute from one IP address (default: 600)
    rate_limits_default_per_minute: u32, "DOORWARD_RATE_LIMITS_DEFAULT_PER_MINUTE", value_name = "N";
    /// Secret of at least 32 characters that is mixed into password hashes and not stored in the database (default:
    /// none)
    passwords_pepper: Secret, "DOORWARD_PASSWORDS_PEPPER", value_name = "TEXT";
    /// File that contains the pepper
    passwords_pepper_file: PathBuf, "DOORWARD_PASSWORDS_PEPPER_FILE", value_name = "FILE";
    /// Former peppers, still accepted for password hashes that were created with them
    passwords_previous_peppers: List<Secret>, "DOORWARD_PASSWORDS_PREVIOUS_PEPPERS", value_name = "TEXT,…";
    /// File that contains former peppers, one per line
    passwords_previous_peppers_file: PathBuf, "DOORWARD_PASSWORDS_PREVIOUS_PEPPERS_FILE", value_name = "FILE";
    /// List of breached passwords from Have I Been Pwned: a file, or a folder of range files (default: none)
    passwords_breached_path: PathBuf, "DOORWARD_PASSWORDS_BREACHED_PATH", value_name = "PATH";
    /// Argon2id memory cost of a password hash in KiB (default: 19456)
    passwords_argon2_memory_kib: u32, "DOORWARD_PASSWORDS_ARGON2_MEMORY_KIB", value_name = "N";
    /// Argon2id time cost (iterations) of a password hash (default: 2)
    passwords_argon2_iterations: u32, "DOORWARD_PASSWORDS_ARGON2_ITERATIONS", value_name = "N";
    /// Number of threads that hash passwords (default: the number of cores)
    passwords_threads: usize, "DOORWARD_PASSWORDS_THREADS", value_name = "N";
    /// Maximum number of passwords queued for hashing, each for at most three seconds; an eighth of the queue is
    /// reserved for known devices and signed-in users (default: 256)
    passwords_queue_size: usize, "DOORWARD_PASSWORDS_QUEUE_SIZE", value_name = "N";
    /// Nice value of the threads that hash passwords, relative to other threads, 0–19 (default: 10)
    passwords_nice: u8, "DOORWARD_PASSWORDS_NICE", value_name = "N";
    /// Filter of log lines, such as debug or doorward_server=debug,info (default: info)
    log_filter: String, "DOORWARD_LOG_FILTER", value_name = "FILTER";
    /// Format of log lines: pretty or json (default: pretty on a terminal, else json)
    log_format: LogFormat, "DOORWARD_LOG_FORMAT", value_name = "FORMAT";
    /// Endpoint of an OpenTelemetry collector (OTLP over HTTP) for traces, such as http://collector:4318 (default:
    /// none)
    otlp_endpoint: String, "DOORWARD_OTLP_ENDPOINT", value_name = "URL";
    /// Service name in traces (default: doorward)
    otlp_service_name: String, "DOORWARD_OTLP_SERVICE_NAME", value_name = "NAME";
    /// Fraction of the traces started by this server that is exported, 0–1 (default: 1)
    otlp_sample_ratio: f64, "DOORWARD_OTLP_SAMPLE_RATIO", value_name = "RATIO";
    /// Seconds for which requests are still accepted after SIGTERM, while the server reports not ready (default: 0)
    drain_seconds: u16, "DOORWARD_DRAIN_SECONDS", value_name = "N";
}
