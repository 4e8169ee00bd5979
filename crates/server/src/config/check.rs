//! What is wrong with options, and the defaults of those that were not given.

use std::{
    io::{self, IsTerminal},
    net::{Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    time::Duration,
};

use doorward_adapters::{
    limits::{Quotas, RedisUrl},
    passwords::{BreachedPasswords, HashingOptions, Pepper, Peppers},
    storage::DatabaseUrl,
    tokens::SigningAlgorithm,
};
use doorward_application::Settings;
use doorward_domain::{
    email::EmailAddress, mail::PublicUrl, profile::Locale, session::SessionLifetimes,
    signing_key::KeySchedule,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    pages::{AccentColor, ThemeOptions},
    telemetry::TelemetryOptions,
};

use super::{
    Config, ConfigError, LogFormat, MailTransport, Options,
    given::{list, list_or_file, text_or_file},
};

/// What the HTTP library says of its own start and stop, and of what strangers send it, is of no use
/// to operators.
const DEFAULT_LOG: &str = "info,actix_server=warn,actix_http=off";

/// A client that takes longer to send 64 KiB is not worth the wait.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

fn value(key: &'static str, problem: impl ToString) -> ConfigError {
    ConfigError::Value { key, problem: problem.to_string() }
}

impl Config {
    /// Checks options and fills in the defaults.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn new(options: Options) -> Result<Self, ConfigError> {
        let listen = options.listen.unwrap_or((Ipv4Addr::LOCALHOST, 8080).into());
        options.check_pairs().map_err(|(key, problem)| value(key, problem))?;
        let public_url = public_url(listen, options.public_url.as_deref())?;
        let data_dir = options.data_dir.clone().unwrap_or("doorward-data".into());
        let mail_from = match &options.mail_from {
            Some(text) => EmailAddress::parse(text)?,
            None => default_sender(public_url.host()),
        };
        Ok(Self {
            listen,
            metrics_listen: options.metrics_listen,
            database: database(&options, &data_dir)?,
            database_pool_size: within("database_pool_size", options.database_pool_size, 1..=1000)?,
            database_wait: None,
            redis: redis(&options)?,
            redis_wait: None,
            secret: text_or_file(options.secret.clone(), options.secret_file.as_deref())?,
            previous_secrets: list_or_file(
                options.previous_secrets.clone(),
                options.previous_secrets_file.as_deref(),
            )?,
            signing_algorithm: signing_algorithm(options.signing_algorithm.as_deref())?,
            audience: options.audience.clone().unwrap_or("doorward".into()),
            trusted_proxies: list(options.trusted_proxies.clone()),
            mail: mail(&options, &data_dir)?,
            mail_from,
            service_name: service_name(&options),
            mail_templates: options.mail_templates.clone(),
            default_locale: default_locale(options.default_locale.as_deref())?,
            pages: pages(&options)?,
            docs_enabled: options.docs_enabled.unwrap_or(true),
            cors_origins: cors_origins(list(options.cors_origins.clone()))?,
            quotas: quotas(&options)?,
            hashing: hashing(&options)?,
            peppers: peppers(&options)?,
            breached_passwords: breached_passwords(options.breached_passwords.clone())?,
            log: options.log.clone().unwrap_or(DEFAULT_LOG.into()),
            log_format: options.log_format.unwrap_or_else(log_format),
            drain: Duration::from_secs(options.drain_seconds.unwrap_or(0).into()),
            telemetry: telemetry(&options)?,
            body_timeout: BODY_TIMEOUT,
            settings: settings(&options, public_url)?,
            data_dir,
        })
    }
}

/// Beyond this machine an address that mail servers take; here one that only has to be readable,
/// since mails go to files.
fn default_sender(host: &str) -> EmailAddress {
    let address = EmailAddress::parse(&format!("doorward@{host}"));
    address.unwrap_or_else(|_| EmailAddress::from_stored("doorward@localhost".to_owned()))
}

/// Origins as browsers send them (RFC 6454, section 6.2).
fn cors_origins(origins: Vec<String>) -> Result<Vec<String>, ConfigError> {
    for origin in &origins {
        let parsed = Url::parse(origin).map(|url| url.origin().ascii_serialization());
        if parsed.as_ref() != Ok(origin) {
            let problem = format!("{origin} is no origin such as https://app.example.com");
            return Err(value("cors_origins", problem));
        }
    }
    Ok(origins)
}

fn signing_algorithm(name: Option<&str>) -> Result<SigningAlgorithm, ConfigError> {
    let Some(name) = name else { return Ok(SigningAlgorithm::default()) };
    let known = SigningAlgorithm::parse(name);
    known.ok_or_else(|| value("signing_algorithm", "it has to be EdDSA or ES256"))
}

fn within<T: PartialOrd + Copy + std::fmt::Display>(
    key: &'static str,
    given: Option<T>,
    range: RangeInclusive<T>,
) -> Result<Option<T>, ConfigError> {
    match given {
        Some(given) if !range.contains(&given) => {
            Err(value(key, format!("it has to be {}–{}", range.start(), range.end())))
        }
        given => Ok(given),
    }
}

fn peppers(options: &Options) -> Result<Peppers, ConfigError> {
    let pepper = |key, text: SecretString| {
        Pepper::new(text.expose_secret()).map_err(|error| value(key, error))
    };
    let current = text_or_file(options.pepper.clone(), options.pepper_file.as_deref())?;
    let file = options.previous_peppers_file.as_deref();
    let previous = list_or_file(options.previous_peppers.clone(), file)?;
    Ok(Peppers {
        current: current.map(|text| pepper("pepper", text)).transpose()?,
        previous: previous
            .into_iter()
            .map(|text| pepper("previous_peppers", text))
            .collect::<Result<_, _>>()?,
    })
}

fn breached_passwords(path: Option<PathBuf>) -> Result<Option<BreachedPasswords>, ConfigError> {
    let list = path.map(BreachedPasswords::open).transpose();
    list.map_err(|error| value("breached_passwords", error))
}

fn public_url(listen: SocketAddr, text: Option<&str>) -> Result<PublicUrl, ConfigError> {
    let default = format!("http://{listen}");
    if text.is_none() && !listen.ip().to_canonical().is_loopback() {
        return Err(ConfigError::PublicUrlNeeded(listen));
    }
    PublicUrl::parse(text.unwrap_or(&default)).map_err(|error| value("public_url", error))
}

fn database(options: &Options, data_dir: &Path) -> Result<DatabaseUrl, ConfigError> {
    let url = text_or_file(options.database_url.clone(), options.database_url_file.as_deref())?;
    Ok(match url {
        Some(url) => url.expose_secret().parse()?,
        None => DatabaseUrl::Sqlite(data_dir.join("doorward.db")),
    })
}

fn redis(options: &Options) -> Result<Option<RedisUrl>, ConfigError> {
    let url = text_or_file(options.redis_url.clone(), options.redis_url_file.as_deref())?;
    Ok(url.map(|url| url.expose_secret().parse()).transpose()?)
}

fn mail(options: &Options, data_dir: &Path) -> Result<MailTransport, ConfigError> {
    let url = text_or_file(options.mail_url.clone(), options.mail_url_file.as_deref())?;
    let url = url.as_ref().map_or("file:", |url| url.expose_secret());
    match url.strip_prefix("file:") {
        Some("") => Ok(MailTransport::File(data_dir.join("mail"))),
        Some(path) => Ok(MailTransport::File(path.strip_prefix("//").unwrap_or(path).into())),
        None => Ok(MailTransport::Smtp(url.parse()?)),
    }
}

fn pages(options: &Options) -> Result<Option<ThemeOptions>, ConfigError> {
    let accent = options.accent_color.as_deref().map(AccentColor::parse).transpose();
    let theme = ThemeOptions {
        service_name: service_name(options),
        logo: options.logo.clone(),
        accent: accent.map_err(|error| value("accent_color", error))?.unwrap_or_default(),
    };
    Ok(Some(theme).filter(|_| options.pages_enabled != Some(false)))
}

fn service_name(options: &Options) -> String {
    options.service_name.clone().unwrap_or("Doorward".into())
}

fn default_locale(tag: Option<&str>) -> Result<Locale, ConfigError> {
    Locale::parse(tag.unwrap_or("en")).map_err(|error| value("default_locale", error))
}

fn quotas(options: &Options) -> Result<Option<Quotas>, ConfigError> {
    if options.limits_enabled == Some(false) {
        return Ok(None);
    }
    let limit = |key, limit: Option<u32>, default| match limit {
        Some(0) => Err(value(key, "it has to be at least 1; limits_enabled turns all limits off")),
        Some(limit) => Ok(limit),
        None => Ok(default),
    };
    let default = Quotas::default();
    Ok(Some(Quotas {
        register: limit("limit_register", options.limit_register, default.register)?,
        login: limit("limit_login", options.limit_login, default.login)?,
        login_failures: limit(
            "limit_login_failures",
            options.limit_login_failures,
            default.login_failures,
        )?,
        refresh: limit("limit_refresh", options.limit_refresh, default.refresh)?,
        mail: limit("limit_mail", options.limit_mail, default.mail)?,
        other: limit("limit_other", options.limit_other, default.other)?,
    }))
}

fn hashing(options: &Options) -> Result<HashingOptions, ConfigError> {
    let default = HashingOptions::default();
    let memory = within("hash_memory_kib", options.hash_memory_kib, 8..=4_194_304)?;
    let passes = within("hash_passes", options.hash_passes, 1..=64)?;
    let threads = within("hash_threads", options.hash_threads, 1..=256)?;
    let queue = within("hash_queue", options.hash_queue, 1..=10_000)?;
    let nice = within("hash_nice", options.hash_nice, 0..=19)?;
    Ok(HashingOptions {
        memory_kib: memory.unwrap_or(default.memory_kib),
        passes: passes.unwrap_or(default.passes),
        threads: threads.unwrap_or(default.threads),
        queue: queue.unwrap_or(default.queue),
        nice: nice.map_or(default.nice, i32::from),
        ..default
    })
}

/// The path is OTLP's for traces, unless one is given.
fn telemetry(options: &Options) -> Result<Option<TelemetryOptions>, ConfigError> {
    let ratio = within("otlp_sample_ratio", options.otlp_sample_ratio, 0.0..=1.0)?;
    let Some(text) = &options.otlp_endpoint else { return Ok(None) };
    let problem = "it has to be an http:// or https:// URL without a password";
    let usable = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.password().is_none()
            && url.username().is_empty()
    };
    let url = Url::parse(text).ok().filter(usable);
    let mut endpoint = url.ok_or_else(|| value("otlp_endpoint", problem))?;
    if endpoint.path() == "/" {
        endpoint.set_path("/v1/traces");
    }
    Ok(Some(TelemetryOptions {
        endpoint,
        service_name: options.otlp_service_name.clone().unwrap_or("doorward".into()),
        sample_ratio: ratio.unwrap_or(1.0),
    }))
}

/// Where links in mails begin.
fn frontend_url(options: &Options, public_url: &PublicUrl) -> Result<PublicUrl, ConfigError> {
    let Some(text) = &options.frontend_url else { return Ok(public_url.clone()) };
    PublicUrl::parse(text).map_err(|error| value("frontend_url", error))
}

fn settings(options: &Options, public_url: PublicUrl) -> Result<Settings, ConfigError> {
    let default = SessionLifetimes::default();
    let minutes = within("access_token_minutes", options.access_token_minutes, 1..=60)?;
    let idle = within("session_idle_days", options.session_idle_days, 1..=3650)?;
    let absolute = within("session_absolute_days", options.session_absolute_days, 1..=3650)?;
    let grace = within("refresh_grace_seconds", options.refresh_grace_seconds, 0..=60)?;
    let days = |days: u16| time::Duration::days(days.into());
    let rotation = within("key_rotation_days", options.key_rotation_days, 0..=3650)?;
    let keys = KeySchedule::default();
    Ok(Settings {
        allow_registration: options.allow_registration.unwrap_or(true),
        require_verified_email: options.require_verified_email.unwrap_or(false),
        access_lifetime: time::Duration::minutes(minutes.unwrap_or(15).into()),
        sessions: SessionLifetimes {
            idle: idle.map_or(default.idle, days),
            absolute: absolute.map_or(default.absolute, days),
            grace: grace.map_or(default.grace, |grace| time::Duration::seconds(grace.into())),
        },
        keys: KeySchedule {
            rotate_every: match rotation {
                Some(0) => None,
                Some(number) => Some(days(number)),
                None => keys.rotate_every,
            },
            ..keys
        },
        frontend_url: frontend_url(options, &public_url)?,
        public_url,
    })
}

fn log_format() -> LogFormat {
    if io::stdout().is_terminal() { LogFormat::Pretty } else { LogFormat::Json }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(toml: &str) -> Result<Config, ConfigError> {
        Config::new(toml::from_str(toml).unwrap())
    }

    fn problem(toml: &str) -> String {
        config(toml).unwrap_err().to_string()
    }

    #[test]
    fn the_defaults_serve_without_any() {
        let config = config("").unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.settings.public_url.as_str(), "http://127.0.0.1:8080");
        assert_eq!(config.database.to_string(), "sqlite://doorward-data/doorward.db");
        let MailTransport::File(folder) = &config.mail else { panic!("{:?}", config.mail) };
        assert_eq!(folder, Path::new("doorward-data/mail"));
        assert!(config.settings.allow_registration && config.quotas.is_some());
    }

    #[test]
    fn bad_values_are_named() {
        for (toml, key) in [
            ("public_url = 'ftp://x'", "public_url"),
            ("database_url = 'mysql://x'", "database_url"),
            ("redis_url = 'cache.example'", "redis_url"),
            ("redis_url = 'rediss://cache.example/#insecure'", "redis_url"),
            ("redis_url = 'redis://x'\nredis_url_file = 'y'", "redis_url_file"),
            ("mail_url = 'pigeon:'", "mail_url"),
            ("mail_url = 'smtp://a:b@mail.example?starttls=maybe'", "mail_url"),
            ("mail_url = 'smtp://x'\nmail_url_file = 'y'", "mail_url_file"),
            ("default_locale = 'de_DE'", "default_locale"),
            ("mail_from = 'nobody'", "mail_from"),
            ("limit_login = 0", "limit_login"),
            ("hash_threads = 0", "hash_threads"),
            ("hash_queue = 99999999999", "hash_queue"),
            ("database_pool_size = 0", "database_pool_size"),
            ("cors_origins = ['nonsense origin']", "cors_origins"),
            ("cors_origins = ['https://a.example/']", "cors_origins"),
            ("secret = 'x'\nsecret_file = 'y'", "secret_file"),
            ("access_token_minutes = 61", "access_token_minutes"),
            ("secret_file = '/does/not/exist'", "/does/not/exist"),
        ] {
            assert!(problem(toml).contains(key), "{toml}: {}", problem(toml));
        }
    }

    #[test]
    fn beyond_loopback_a_public_url_is_needed() {
        assert!(problem("listen = '0.0.0.0:80'").contains("DOORWARD_PUBLIC_URL"));
        assert!(config("listen = '0.0.0.0:80'\npublic_url = 'https://auth.example.com'").is_ok());
    }

    #[test]
    fn the_default_sender_is_an_address_whatever_the_host_is() {
        for (listen, sender) in
            [("[::1]:80", "doorward@localhost"), ("127.0.0.1:80", "doorward@localhost")]
        {
            let config = config(&format!("listen = '{listen}'")).unwrap();
            assert_eq!(config.mail_from.as_str(), sender);
        }
        let config = config("public_url = 'https://auth.example.com'").unwrap();
        assert_eq!(config.mail_from.as_str(), "doorward@auth.example.com");
    }

    #[test]
    fn secrets_are_not_shown() {
        for toml in [
            "secret = 'hunter2-hunter2-hunter2-hunter2-hunter2'",
            "redis_url = 'redis://ann:hunter2@cache.example'",
            "mail_url = 'smtp://ann:hunter2@mail.example'",
        ] {
            let options: Options = toml::from_str(toml).unwrap();
            let shown = format!("{options:?} {:?}", config(toml).unwrap());
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}
