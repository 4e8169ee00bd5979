//! What is wrong with options, and the defaults of those that were not given.

use std::{
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
    mail::PublicUrl, profile::Locale, session::SessionLifetimes, signing_key::KeySchedule,
};
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    cors::OriginPattern,
    pages::{AccentColor, ThemeOptions},
};

use super::{
    Config, ConfigError, ListenAddress, Options, Texts,
    given::{list_or_file, text_or_file},
    hsts,
    listen::DEFAULT_LISTEN,
    log,
    mail::{default_sender, mail, parsed, service_name},
    proxies,
    public_url::{frontend_url, public_url},
    telemetry::telemetry,
};

/// A client that takes longer to send 64 KiB is not worth the wait.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn value(key: &'static str, problem: impl ToString) -> ConfigError {
    ConfigError::Value { key, problem: problem.to_string() }
}

impl Config {
    /// Checks options and fills in the defaults.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn new(options: Options) -> Result<Self, ConfigError> {
        let listen = options.listen.clone().unwrap_or(DEFAULT_LISTEN);
        options.check_pairs().map_err(|(key, problem)| value(key, problem))?;
        let public_url = public_url(&listen, options.public_url.as_deref())?;
        let data_dir = options.data_dir.clone().unwrap_or("doorward-data".into());
        let mail_from = parsed("mail_from", options.mail_from.as_deref())?;
        let mail_from = mail_from.unwrap_or_else(|| default_sender(public_url.host()).into());
        Ok(Self {
            metrics_listen: metrics_listen(&options, &listen)?,
            listen,
            listen_socket_mode: options.listen_socket_mode.unwrap_or_default(),
            database: database(&options, &data_dir)?,
            database_pool_size: within("database_pool_size", options.database_pool_size, 1..=1000)?,
            database_wait: None,
            redis: redis(&options)?,
            redis_wait: None,
            secret: text_or_file(
                options.secret.clone(),
                "secret_file",
                options.secret_file.as_deref(),
            )?,
            previous_secrets: list_or_file(
                options.previous_secrets.clone(),
                "previous_secrets_file",
                options.previous_secrets_file.as_deref(),
            )?,
            signing_algorithm: signing_algorithm(options.signing_algorithm.as_deref())?,
            audience: options.audience.clone().unwrap_or("doorward".into()),
            trusted_proxies: trusted_proxies(&options)?,
            client_ip_header: proxies::client_ip_header(options.client_ip_header.as_deref())
                .map_err(|problem| value("client_ip_header", problem))?,
            hsts: hsts::header(options.hsts.as_deref(), &public_url)
                .map_err(|problem| value("hsts", problem))?,
            mail: mail(&options, &data_dir)?,
            mail_from,
            mail_reply_to: parsed("mail_reply_to", options.mail_reply_to.as_deref())?,
            mail_helo_name: parsed("mail_helo_name", options.mail_helo_name.as_deref())?,
            service_name: service_name(&options)?,
            mail_templates: options.mail_templates.clone(),
            default_locale: default_locale(options.default_locale.as_deref())?,
            pages: pages(&options)?,
            docs_enabled: options.docs_enabled.unwrap_or(true),
            cors_origins: cors_origins(options.cors_origins.as_ref())?,
            quotas: quotas(&options)?,
            hashing: hashing(&options)?,
            peppers: peppers(&options)?,
            breached_passwords: breached_passwords(options.breached_passwords.clone())?,
            log: log::filter(&options)?,
            log_format: log::format(&options),
            drain: Duration::from_secs(options.drain_seconds.unwrap_or(0).into()),
            telemetry: telemetry(&options)?,
            body_timeout: BODY_TIMEOUT,
            settings: settings(&options, public_url)?,
            data_dir,
        })
    }
}

fn cors_origins(origins: Option<&Texts>) -> Result<Vec<OriginPattern>, ConfigError> {
    let origins = origins.iter().flat_map(|texts| &texts.0).map(|origin| origin.parse());
    origins.collect::<Result<_, _>>().map_err(|error| value("cors_origins", error))
}

fn trusted_proxies(options: &Options) -> Result<Vec<IpNet>, ConfigError> {
    let Some(Texts(texts)) = &options.trusted_proxies else { return Ok(Vec::new()) };
    proxies::networks(texts).map_err(|problem| value("trusted_proxies", problem))
}

fn metrics_listen(
    options: &Options,
    listen: &ListenAddress,
) -> Result<Option<ListenAddress>, ConfigError> {
    match &options.metrics_listen {
        Some(address) if address.overlaps(listen) => {
            let problem = format!(
                "{address} is where the API listens (listen is {listen}): choose another port or path"
            );
            Err(value("metrics_listen", problem))
        }
        address => Ok(address.clone()),
    }
}

fn signing_algorithm(name: Option<&str>) -> Result<SigningAlgorithm, ConfigError> {
    let Some(name) = name else { return Ok(SigningAlgorithm::default()) };
    let known = SigningAlgorithm::parse(name);
    known.ok_or_else(|| value("signing_algorithm", "it has to be EdDSA or ES256"))
}

pub(super) fn within<T: PartialOrd + Copy + std::fmt::Display>(
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
    let current =
        text_or_file(options.pepper.clone(), "pepper_file", options.pepper_file.as_deref())?;
    let file = options.previous_peppers_file.as_deref();
    let previous = list_or_file(options.previous_peppers.clone(), "previous_peppers_file", file)?;
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

fn database(options: &Options, data_dir: &Path) -> Result<DatabaseUrl, ConfigError> {
    let url = text_or_file(
        options.database_url.clone(),
        "database_url_file",
        options.database_url_file.as_deref(),
    )?;
    Ok(match url {
        Some(url) => url.expose_secret().parse()?,
        None => DatabaseUrl::Sqlite(data_dir.join("doorward.db")),
    })
}

fn redis(options: &Options) -> Result<Option<RedisUrl>, ConfigError> {
    let url = text_or_file(
        options.redis_url.clone(),
        "redis_url_file",
        options.redis_url_file.as_deref(),
    )?;
    Ok(url.map(|url| url.expose_secret().parse()).transpose()?)
}

fn pages(options: &Options) -> Result<Option<ThemeOptions>, ConfigError> {
    let accent = options.accent_color.as_deref().map(AccentColor::parse).transpose();
    let theme = ThemeOptions {
        service_name: service_name(options)?,
        logo: options.logo.clone(),
        accent: accent.map_err(|error| value("accent_color", error))?.unwrap_or_default(),
    };
    Ok(Some(theme).filter(|_| options.pages_enabled != Some(false)))
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
    let login_failures =
        limit("limit_login_failures", options.limit_login_failures, default.login_failures)?;
    Ok(Some(Quotas {
        register: limit("limit_register", options.limit_register, default.register)?,
        login: limit("limit_login", options.limit_login, default.login)?,
        login_failures,
        login_reserve: default.login_reserve.min(login_failures),
        refresh: limit("limit_refresh", options.limit_refresh, default.refresh)?,
        mail: limit("limit_mail", options.limit_mail, default.mail)?,
        password_check: limit(
            "limit_password_check",
            options.limit_password_check,
            default.password_check,
        )?,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MailTransport;

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
            ("mail_from = 'Doorward <nobody>'", "mail_from"),
            ("mail_from = \"a\\nBcc: b <a@example.com>\"", "mail_from"),
            ("mail_reply_to = 'nobody'", "mail_reply_to"),
            ("mail_helo_name = 'auth'", "mail_helo_name"),
            ("mail_helo_name = 'my_auth.example.com'", "mail_helo_name"),
            ("service_name = \"a\\nb\"", "service_name"),
            ("limit_login = 0", "limit_login"),
            ("hash_threads = 0", "hash_threads"),
            ("hash_queue = 99999999999", "hash_queue"),
            ("database_pool_size = 0", "database_pool_size"),
            ("cors_origins = ['nonsense origin']", "cors_origins"),
            ("cors_origins = ['https://*']", "cors_origins"),
            ("cors_origins = 'https://a.example/login'", "cors_origins"),
            ("trusted_proxies = 'nginx'", "trusted_proxies"),
            ("trusted_proxies = ['10.0.0.1:80']", "trusted_proxies"),
            ("client_ip_header = 'a b'", "client_ip_header"),
            ("client_ip_header = 'Cookie'", "client_ip_header"),
            ("listen = '127.0.0.1:81'\nmetrics_listen = '127.0.0.1:81'", "metrics_listen"),
            ("metrics_listen = 'localhost:8080'", "metrics_listen"),
            ("hsts = 'max-age=1'", "hsts"),
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
            assert_eq!(config.mail_from.to_string(), sender);
        }
        let config = config("public_url = 'https://auth.example.com'").unwrap();
        assert_eq!(config.mail_from.to_string(), "doorward@auth.example.com");
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
