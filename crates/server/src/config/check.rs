//! Validation of options, and the defaults of options that are not set.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use doorward_adapters::{
    limits::{Quotas, RedisUrl},
    passwords::{BreachedPasswords, HashingOptions, Pepper, Peppers},
    secret::MasterKey,
    storage::DatabaseUrl,
    tokens::SigningAlgorithm,
};
use doorward_application::Settings;
use doorward_domain::{
    account::profile::Locale, mail::PublicUrl, session::SessionLifetimes, signing_key::KeySchedule,
};
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    http::cors::OriginPattern,
    pages::{AccentColor, ThemeOptions},
};

use super::{
    Config, ConfigError, ListenAddress, Options, Texts, Timeouts,
    error::{value, within},
    hsts,
    listen::DEFAULT_LISTEN,
    log,
    mail::{default_sender, mail, parsed, service_name},
    orgs::{invites, orgs},
    proxies,
    public_url::{frontend_url, public_url},
    telemetry::telemetry,
    value_or_file::{list_or_file, text_or_file},
};

/// The time for which a readiness result is cached. Orchestrators and proxies check at most once per second.
const READINESS_LIFETIME: Duration = Duration::from_secs(1);

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
            master_key: text_or_file(
                options.master_key.clone(),
                "master_key_file",
                options.master_key_file.as_deref(),
            )?,
            previous_master_keys: list_or_file(
                options.previous_master_keys.clone(),
                "previous_master_keys_file",
                options.previous_master_keys_file.as_deref(),
            )?,
            key_files: key_files(&options),
            signing_algorithm: signing_algorithm(options.signing_keys_algorithm.as_deref())?,
            access_token_audience: options
                .access_tokens_audience
                .clone()
                .unwrap_or("doorward".into()),
            trusted_proxies: trusted_proxies(&options)?,
            client_ip_header: proxies::client_ip_header(options.client_ip_header.as_deref())
                .map_err(|problem| value("client_ip_header", problem))?,
            hsts: hsts::header(options.hsts.as_deref(), &public_url)
                .map_err(|problem| value("hsts", problem))?,
            mail: mail(&options, &data_dir)?,
            mail_is_given: options.mail_url.is_some() || options.mail_url_file.is_some(),
            mail_from,
            mail_reply_to: parsed("mail_reply_to", options.mail_reply_to.as_deref())?,
            mail_helo_name: parsed("mail_helo_name", options.mail_helo_name.as_deref())?,
            service_name: service_name(&options)?,
            mail_templates_dir: options.mail_templates_dir.clone(),
            default_locale: default_locale(options.default_locale.as_deref())?,
            pages: pages(&options)?,
            api_docs_enabled: options.api_docs_enabled.unwrap_or(true),
            cors_origins: cors_origins(options.cors_origins.as_ref())?,
            quotas: quotas(&options)?,
            hashing: hashing(&options)?,
            peppers: peppers(&options)?,
            passwords_breached_path: passwords_breached_path(
                options.passwords_breached_path.clone(),
            )?,
            log_filter: log::filter(&options)?,
            log_format: log::format(&options),
            drain: Duration::from_secs(options.drain_seconds.unwrap_or(0).into()),
            telemetry: telemetry(&options)?,
            timeouts: Timeouts::default(),
            readiness_lifetime: READINESS_LIFETIME,
            settings: settings(&options, public_url)?,
            data_dir,
        })
    }
}

fn key_files(options: &Options) -> Vec<(&'static str, PathBuf)> {
    let files = [
        ("master_key_file", &options.master_key_file),
        ("previous_master_keys_file", &options.previous_master_keys_file),
        ("passwords_pepper_file", &options.passwords_pepper_file),
        ("passwords_previous_peppers_file", &options.passwords_previous_peppers_file),
    ];
    files.into_iter().filter_map(|(key, file)| Some((key, file.clone()?))).collect()
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
                "{address} conflicts with the API, which listens on {listen}: choose another port or path"
            );
            Err(value("metrics_listen", problem))
        }
        address => Ok(address.clone()),
    }
}

fn signing_algorithm(name: Option<&str>) -> Result<SigningAlgorithm, ConfigError> {
    let Some(name) = name else { return Ok(SigningAlgorithm::default()) };
    let known = SigningAlgorithm::parse(name);
    known.ok_or_else(|| value("signing_keys_algorithm", "it must be EdDSA or ES256"))
}

fn peppers(options: &Options) -> Result<Peppers, ConfigError> {
    let pepper = |key, text: SecretString| {
        Pepper::new(text.expose_secret()).map_err(|error| value(key, error))
    };
    let strong = |text: SecretString| {
        let pepper_of_it = pepper("passwords_pepper", text.clone())?;
        MasterKey::check_strength(text.expose_secret()).map_err(|error| {
            value(
                "passwords_pepper",
                format!(
                    "{error}; generate one with doorward secret new, or with openssl rand -hex 32"
                ),
            )
        })?;
        Ok::<_, ConfigError>(pepper_of_it)
    };
    let current = text_or_file(
        options.passwords_pepper.clone(),
        "passwords_pepper_file",
        options.passwords_pepper_file.as_deref(),
    )?;
    let file = options.passwords_previous_peppers_file.as_deref();
    let previous = list_or_file(
        options.passwords_previous_peppers.clone(),
        "passwords_previous_peppers_file",
        file,
    )?;
    Ok(Peppers {
        current: current.map(strong).transpose()?,
        previous: previous
            .into_iter()
            .map(|text| pepper("passwords_previous_peppers", text))
            .collect::<Result<_, _>>()?,
    })
}

fn passwords_breached_path(
    path: Option<PathBuf>,
) -> Result<Option<BreachedPasswords>, ConfigError> {
    let list = path.map(BreachedPasswords::open).transpose();
    list.map_err(|error| value("passwords_breached_path", error))
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
    let accent = options.pages_accent_color.as_deref().map(AccentColor::parse).transpose();
    let theme = ThemeOptions {
        service_name: service_name(options)?,
        logo: options.pages_logo_file.clone(),
        accent: accent.map_err(|error| value("pages_accent_color", error))?.unwrap_or_default(),
    };
    Ok(Some(theme).filter(|_| options.pages_enabled != Some(false)))
}

fn default_locale(tag: Option<&str>) -> Result<Locale, ConfigError> {
    Locale::parse(tag.unwrap_or("en")).map_err(|error| value("default_locale", error))
}

fn quotas(options: &Options) -> Result<Option<Quotas>, ConfigError> {
    if options.rate_limits_enabled == Some(false) {
        return Ok(None);
    }
    let limit = |key, limit: Option<u32>, default| match limit {
        Some(0) => Err(value(
            key,
            "it must be at least 1; to disable all limits, set rate_limits.enabled to false",
        )),
        Some(limit) => Ok(limit),
        None => Ok(default),
    };
    let default = Quotas::default();
    let login_failures = limit(
        "rate_limits_login_failures_per_minute",
        options.rate_limits_login_failures_per_minute,
        default.login_failures,
    )?;
    Ok(Some(Quotas {
        register: limit(
            "rate_limits_register_per_minute",
            options.rate_limits_register_per_minute,
            default.register,
        )?,
        login: limit(
            "rate_limits_login_per_minute",
            options.rate_limits_login_per_minute,
            default.login,
        )?,
        login_failures,
        login_reserve: default.login_reserve.min(login_failures),
        recognized_hashes: default.recognized_hashes,
        refresh: limit(
            "rate_limits_refresh_per_minute",
            options.rate_limits_refresh_per_minute,
            default.refresh,
        )?,
        mail: limit(
            "rate_limits_mail_per_minute",
            options.rate_limits_mail_per_minute,
            default.mail,
        )?,
        password_check: limit(
            "rate_limits_password_check_per_minute",
            options.rate_limits_password_check_per_minute,
            default.password_check,
        )?,
        other: limit(
            "rate_limits_default_per_minute",
            options.rate_limits_default_per_minute,
            default.other,
        )?,
    }))
}

fn hashing(options: &Options) -> Result<HashingOptions, ConfigError> {
    let default = HashingOptions::default();
    let memory =
        within("passwords_argon2_memory_kib", options.passwords_argon2_memory_kib, 8..=4_194_304)?;
    let passes =
        within("passwords_argon2_iterations", options.passwords_argon2_iterations, 1..=64)?;
    let threads = within("passwords_threads", options.passwords_threads, 1..=256)?;
    let queue = within("passwords_queue_size", options.passwords_queue_size, 1..=10_000)?;
    let nice = within("passwords_nice", options.passwords_nice, 0..=19)?;
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
    let minutes =
        within("access_tokens_lifetime_minutes", options.access_tokens_lifetime_minutes, 1..=60)?;
    let idle = within("sessions_idle_timeout_days", options.sessions_idle_timeout_days, 1..=3650)?;
    let absolute =
        within("sessions_max_lifetime_days", options.sessions_max_lifetime_days, 1..=3650)?;
    let grace = within(
        "sessions_refresh_token_reuse_interval_seconds",
        options.sessions_refresh_token_reuse_interval_seconds,
        0..=60,
    )?;
    let days = |days: u16| time::Duration::days(days.into());
    let rotation =
        within("signing_keys_rotation_days", options.signing_keys_rotation_days, 0..=3650)?;
    let keys = KeySchedule::default();
    Ok(Settings {
        allow_registration: options.allow_registration.unwrap_or(true),
        require_verified_email: options.require_verified_email.unwrap_or(false),
        orgs: orgs(options),
        invites: invites(options)?,
        access_lifetime: time::Duration::minutes(minutes.unwrap_or(15).into()),
        sessions: SessionLifetimes {
            idle: idle.map_or(default.idle, days),
            absolute: absolute.map_or(default.absolute, days),
            reuse_interval: grace
                .map_or(default.reuse_interval, |grace| time::Duration::seconds(grace.into())),
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
        has_pages: options.pages_enabled != Some(false),
    })
}

#[cfg(test)]
mod tests;
