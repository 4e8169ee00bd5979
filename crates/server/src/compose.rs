//! The composition root: the only place where adapters are created and connected to the ports.

use std::{path::PathBuf, sync::Arc};

use doorward_adapters::{
    limits::{MemoryRateLimiter, Quotas, RedisOptions, RedisRateLimiter, RedisUrl, Unlimited},
    mail::{FileMailer, MailOptions, RenderError, Renderer, SmtpMailer, SmtpOptions, TlsError},
    passwords::{Argon2Hasher, Blocklist, InvalidHashingOptions},
    secret::{MasterKey, Secrets},
    storage::{PoolOptions, QueryObserver, SqlStorage},
    system::{SystemClock, SystemRandomness, UuidV7},
    tokens::{
        AccessTokenOptions, EncryptedKeyFactory, JwtAccessTokens, KeyError, KeyRing, MacTokens,
    },
};
use doorward_application::{Application, Ports};
use doorward_domain::ports::{Clock, Ids, Mailer, Randomness, RateLimiter, Storage, StorageError};
use time::OffsetDateTime;

use crate::{
    config::{Config, ConfigError, MailTransport},
    data_dir::{self, DataDirError},
    dev_mail::Mailbox,
    http::state::State,
    observability::metrics::{Decisions, Hashes, MeteredRateLimiter, MetricSources, Metrics},
    pages::{LogoError, Pages},
};

/// The clock, ID generator, source of randomness, and query observer. Tests replace them.
#[derive(Clone)]
pub struct System {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Generates IDs.
    pub ids: Arc<dyn Ids>,
    /// The source of randomness.
    pub randomness: Arc<dyn Randomness>,
    /// Notified of every statement.
    pub observer: Option<Arc<dyn QueryObserver>>,
}

impl Default for System {
    fn default() -> Self {
        let (clock, randomness) = (Arc::new(SystemClock), Arc::new(SystemRandomness));
        let ids = Arc::new(UuidV7::new(clock.clone(), randomness.clone()));
        Self { clock, ids, randomness, observer: None }
    }
}

/// Errors returned by [`compose`].
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The configuration is invalid for a server.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder can't be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The master key is missing, but signing keys were encrypted with one.
    #[error(
        "there is no master key at {}, but the database {database} has signing keys that were encrypted with one: \
         restore that file, or set DOORWARD_MASTER_KEY or DOORWARD_MASTER_KEY_FILE; if the master key is lost, run \
         doorward credentials revoke-all --lost-master-key",
        path.display()
    )]
    SecretMissing {
        /// The expected file of the master key.
        path: PathBuf,
        /// The database.
        database: String,
    },
    /// The hashing options are invalid.
    #[error(
        "passwords.argon2_memory_kib, passwords.argon2_iterations, or passwords.threads is invalid"
    )]
    Hashing(#[from] InvalidHashingOptions),
    /// There is no usable signing key.
    #[error("the signing keys of access tokens can't be used")]
    Keys(#[from] KeyError),
    /// An email template is invalid.
    #[error("emails can't be rendered")]
    Mail(#[from] RenderError),
    /// The logo can't be used.
    #[error("the logo can't be used")]
    Pages(#[from] LogoError),
    /// TLS for the mail server can't be set up.
    #[error("cannot set up TLS for the mail server")]
    Tls(#[source] TlsError),
}

/// Creates the adapters, the use cases, and the state of the server. The database must be migrated.
///
/// Must be called on the multi-thread runtime that the use cases will run on.
///
/// # Errors
/// See [`ComposeError`].
pub async fn compose(config: &Config, system: System) -> Result<Arc<State>, ComposeError> {
    compose_with(config, system, |ports| ports).await
}

/// Like [`compose`], with adapters that wrap or replace the server's own.
///
/// # Errors
/// See [`ComposeError`].
pub async fn compose_with(
    config: &Config,
    system: System,
    adapt: impl FnOnce(Ports) -> Ports,
) -> Result<Arc<State>, ComposeError> {
    assemble(config, system, Keys::CreateFirst, adapt).await
}

/// Like [`compose`], for commands that run alongside a server: its master key and its signing keys must exist, and
/// nothing is created.
///
/// # Errors
/// See [`ComposeError`].
pub(crate) async fn compose_existing(config: &Config) -> Result<Arc<State>, ComposeError> {
    assemble(config, System::default(), Keys::Expect, |ports| ports).await
}

/// Like [`compose_existing`], to replace the keys after the master key was lost: the keys need not be decrypted, and
/// a secret is created if there is none.
///
/// # Errors
/// See [`ComposeError`].
pub(crate) async fn compose_after_lost_secret(config: &Config) -> Result<Arc<State>, ComposeError> {
    assemble(config, System::default(), Keys::Replace, |ports| ports).await
}

/// Returns `true` if the database has signing keys, which were encrypted with a master key. The database must be
/// migrated.
///
/// # Errors
/// Returns an error if the database can't be read.
pub(crate) async fn has_keys(config: &Config) -> Result<bool, StorageError> {
    let pool = PoolOptions { size: Some(1), wait: config.database_wait, observer: None };
    let storage = SqlStorage::open(&config.database, &pool);
    Ok(!storage.connect().await?.signing_keys().list().await?.is_empty())
}

/// Returns `true` if Redis is configured and reachable.
///
/// # Errors
/// See [`DataDirError`]: the master key is needed, because the names of keys in Redis are derived from it.
pub(crate) async fn reach_redis(config: &Config) -> Result<bool, DataDirError> {
    let secret = match data_dir::existing_secrets(config) {
        // Before the first start, any secret works, because nothing is counted.
        Err(DataDirError::NoSecret { .. }) => placeholder()?,
        found => found?.current,
    };
    let quotas = config.quotas.unwrap_or_default();
    let Some(url) = &config.redis else { return Ok(false) };
    Ok(redis(config, url, quotas, &secret, Arc::new(SystemClock)).connect().await)
}

fn placeholder() -> Result<MasterKey, DataDirError> {
    MasterKey::new("a server that has not been started yet")
        .map_err(|source| DataDirError::Secret { what: "master_key".to_owned(), source })
}

/// The expected state of the signing keys and the master key that encrypts them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Both are created on the first start.
    CreateFirst,
    /// Both exist.
    Expect,
    /// The keys can't be decrypted, and are replaced.
    Replace,
}

/// Returns the master keys, and `true` if the current one has just been created. No master key is created if there are
/// keys that were encrypted with another one, which is then lost or stored elsewhere.
async fn secrets(
    config: &Config,
    storage: &SqlStorage,
    randomness: &dyn Randomness,
    expected: Keys,
) -> Result<(Secrets, bool), ComposeError> {
    let is_missing = !data_dir::has_secret(config);
    if is_missing && expected == Keys::CreateFirst {
        let mut repositories = storage.connect().await.map_err(KeyError::from)?;
        if !repositories.signing_keys().list().await.map_err(KeyError::from)?.is_empty() {
            return Err(secret_missing(config));
        }
    }
    let is_new =
        is_missing && expected != Keys::Expect && data_dir::create_secret(config, randomness)?;
    Ok((data_dir::existing_secrets(config)?, is_new))
}

pub(crate) fn secret_missing(config: &Config) -> ComposeError {
    ComposeError::SecretMissing {
        path: data_dir::secret_file(config),
        database: config.database.to_string(),
    }
}

/// Loads the signing keys, and creates the first one if needed.
async fn keys(
    config: &Config,
    storage: &SqlStorage,
    factory: &EncryptedKeyFactory,
    (secrets, is_new): (Arc<Secrets>, bool),
    now: OffsetDateTime,
    expected: Keys,
) -> Result<KeyRing, ComposeError> {
    if expected != Keys::Expect {
        KeyRing::ensure_initial_key(storage, factory, now).await?;
    }
    if expected == Keys::Replace {
        return Ok(KeyRing::load_to_replace(storage, secrets).await?);
    }
    match KeyRing::load(storage, secrets, now).await {
        // Another server with a different secret has created its key at the same time.
        Err(KeyError::Sealed { .. }) if is_new => {
            data_dir::remove_secret(config)?;
            Err(secret_missing(config))
        }
        keys => Ok(keys?),
    }
}

async fn assemble(
    config: &Config,
    system: System,
    expected: Keys,
    adapt: impl FnOnce(Ports) -> Ports,
) -> Result<Arc<State>, ComposeError> {
    if expected == Keys::CreateFirst {
        config.check_start()?;
    }
    let System { clock, ids, randomness, observer } = system;
    let pool =
        PoolOptions { size: config.database_pool_size, wait: config.database_wait, observer };
    let storage = Arc::new(SqlStorage::open(&config.database, &pool));
    let (secrets, is_new) = secrets(config, &storage, &*randomness, expected).await?;
    let secrets = Arc::new(secrets);
    let factory =
        EncryptedKeyFactory::new(secrets.clone(), config.signing_algorithm, randomness.clone());
    let factory = Arc::new(factory);
    let known = (secrets.clone(), is_new);
    let keys = keys(config, &storage, &factory, known, clock.now(), expected).await?;
    let keys = Arc::new(keys);

    let mut redis_limiter = None;
    let limiter: Arc<dyn RateLimiter> = match (config.quotas, &config.redis) {
        (None, _) => Arc::new(Unlimited),
        (Some(quotas), None) => Arc::new(MemoryRateLimiter::new(quotas, clock.clone())),
        (Some(quotas), Some(url)) => {
            let limiter = redis(config, url, quotas, &secrets.current, clock.clone());
            // A starting server reports Redis problems immediately, but starts anyway.
            if expected == Keys::CreateFirst {
                limiter.connect().await;
            }
            let limiter = Arc::new(limiter);
            redis_limiter = Some(limiter.clone());
            limiter
        }
    };
    let decisions = Decisions::default();
    let limiter = Arc::new(MeteredRateLimiter::new(limiter, decisions.clone()));
    let peppers = config.peppers.clone();
    let hasher = Argon2Hasher::start(&config.hashing, peppers, &secrets, randomness.clone())?;
    let hashes = Hashes::default();
    let hasher = Arc::new(hasher.observed_by(Arc::new(hashes.clone())));
    let readings = MetricSources {
        hasher: hasher.clone(),
        redis: redis_limiter,
        storage: storage.clone(),
        keys: keys.clone(),
        schedule: config.settings.keys,
    };
    let metrics = Metrics::new(readings, decisions, &hashes);
    let public_url = &config.settings.public_url;
    let access_tokens = AccessTokenOptions {
        issuer: public_url.as_str().to_owned(),
        audience: config.access_token_audience.clone(),
    };
    let Mails { mailer, mailbox } = mailer(config)?;
    let ports = adapt(Ports {
        storage,
        access_tokens: Arc::new(JwtAccessTokens::new(keys.clone(), ids.clone(), access_tokens)),
        opaque_tokens: Arc::new(MacTokens::new(&secrets)),
        hasher,
        blocklist: Arc::new(blocklist(config)),
        limiter,
        mailer,
        signing_keys: factory,
        clock,
        ids,
        randomness,
    });
    let application = Application::new(&ports, &config.settings);
    let pages = config.pages.as_ref().map(|theme| Pages::new(theme, config, &secrets));
    let pages = pages.transpose()?;
    Ok(Arc::new(State::new(application, ports, keys, metrics, mailbox, pages, config)))
}

/// Creates the blocklist of passwords. It includes the name of the service and its host without the top-level domain.
fn blocklist(config: &Config) -> Blocklist {
    let host = config.settings.public_url.host();
    let host = host.rsplit_once('.').map_or(host, |(own, _)| own);
    let words = ["doorward", &config.service_name, host].map(str::to_owned);
    Blocklist::new(config.passwords_breached_path.clone()).with_service_words(words.into())
}

/// The mailer, and the development mailbox if there is one.
struct Mails {
    mailer: Arc<dyn Mailer>,
    mailbox: Option<Mailbox>,
}

/// Creates the renderer of emails. Checks all templates.
pub(crate) fn renderer(config: &Config) -> Result<Renderer, RenderError> {
    Renderer::new(MailOptions {
        service_name: config.service_name.clone(),
        from: config.mail_from.clone(),
        reply_to: config.mail_reply_to.clone(),
        host: config.settings.public_url.host().to_owned(),
        templates: config.mail_templates_dir.clone(),
        default_locale: config.default_locale.clone(),
    })
}

pub(crate) fn smtp_options(config: &Config) -> SmtpOptions {
    SmtpOptions { helo_name: config.mail_helo_name.clone(), ..SmtpOptions::default() }
}

fn mailer(config: &Config) -> Result<Mails, ComposeError> {
    let renderer = renderer(config)?;
    Ok(match &config.mail {
        MailTransport::File(folder) => {
            let mailer = FileMailer::new(folder.clone(), renderer);
            let mailbox = Mailbox::new(folder, config);
            let mailer = if mailbox.is_some() { mailer.log_links() } else { mailer };
            Mails { mailer: Arc::new(mailer), mailbox }
        }
        MailTransport::Smtp(url) => {
            let mailer = SmtpMailer::new(url.clone(), smtp_options(config), renderer);
            Mails { mailer: Arc::new(mailer.map_err(ComposeError::Tls)?), mailbox: None }
        }
    })
}

fn redis(
    config: &Config,
    url: &RedisUrl,
    quotas: Quotas,
    secret: &MasterKey,
    clock: Arc<dyn Clock>,
) -> RedisRateLimiter {
    let default = RedisOptions::default();
    let timeout = config.redis_wait.unwrap_or(default.timeout);
    let options = RedisOptions { timeout, ..default };
    RedisRateLimiter::new(url.clone(), options, quotas, secret, clock)
}
