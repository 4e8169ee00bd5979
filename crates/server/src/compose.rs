//! The composition root: the one place where adapters are made and put behind the ports.

use std::{path::PathBuf, sync::Arc};

use doorward_adapters::{
    limits::{MemoryRateLimiter, Quotas, RedisOptions, RedisRateLimiter, RedisUrl, Unlimited},
    mail::{FileMailer, MailOptions, RenderError, Renderer, SmtpMailer, SmtpOptions, TlsError},
    passwords::{Argon2Hasher, Blocklist, InvalidHashingOptions},
    secret::{MasterSecret, Secrets},
    storage::{Observer, PoolOptions, SqlStorage},
    system::{SystemClock, SystemRandomness, UuidV7},
    tokens::{AccessTokenOptions, JwtAccessTokens, KeyError, KeyRing, MacTokens, SealedKeys},
};
use doorward_application::{Application, Ports};
use doorward_domain::ports::{Clock, Ids, Mailer, Randomness, RateLimiter, Storage, StorageError};
use time::OffsetDateTime;

use crate::{
    config::{Config, ConfigError, MailTransport},
    data_dir::{self, DataDirError},
    dev_mail::Mailbox,
    metrics::{Counted, Decisions, Hashes, Metrics, Readings},
    pages::{LogoError, Pages},
    state::State,
};

/// Time, ids, chance and an observer: what tests put in the place of the machine's own.
#[derive(Clone)]
pub struct System {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Chance.
    pub randomness: Arc<dyn Randomness>,
    /// Is told of every statement.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Default for System {
    fn default() -> Self {
        let (clock, randomness) = (Arc::new(SystemClock), Arc::new(SystemRandomness));
        let ids = Arc::new(UuidV7::new(clock.clone(), randomness.clone()));
        Self { clock, ids, randomness, observer: None }
    }
}

/// The parts don't fit together.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The configuration can't be used by a server.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder can't be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The secret is elsewhere, or lost.
    #[error(
        "there is no master secret {}, but the database {database} has signing keys that were encrypted with one: \
         restore that file, or give the secret by DOORWARD_SECRET or DOORWARD_SECRET_FILE; if it is lost, run \
         doorward credentials revoke-all --lost-master-key",
        path.display()
    )]
    SecretMissing {
        /// The file that it is looked for in.
        path: PathBuf,
        /// The database.
        database: String,
    },
    /// Passwords can't be hashed so.
    #[error("hash_memory_kib, hash_passes or hash_threads can't be used")]
    Hashing(#[from] InvalidHashingOptions),
    /// There is no key to sign with.
    #[error("the keys that access tokens are signed with can't be used")]
    Keys(#[from] KeyError),
    /// A mail template is wrong.
    #[error("mails can't be made")]
    Mail(#[from] RenderError),
    /// The logo can't be used.
    #[error("pages can't be made")]
    Pages(#[from] LogoError),
    /// TLS can't be set up.
    #[error("TLS with the mail server can't be set up")]
    Tls(#[source] TlsError),
}

/// Builds adapters, use cases and the state of the delivery. The database has to be migrated.
///
/// Call it on the multi-thread runtime that the use cases are to run on.
///
/// # Errors
/// See [`ComposeError`].
pub async fn compose(config: &Config, system: System) -> Result<Arc<State>, ComposeError> {
    compose_with(config, system, |ports| ports).await
}

/// As [`compose`], with adapters that are put around or in the place of the server's own.
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

/// As [`compose`], beside a server: its secret and its keys have to be there, and nothing is made.
///
/// # Errors
/// See [`ComposeError`].
pub(crate) async fn compose_existing(config: &Config) -> Result<Arc<State>, ComposeError> {
    assemble(config, System::default(), Keys::Expect, |ports| ports).await
}

/// As [`compose_existing`], to replace the keys after the master secret was lost: no secret has to decrypt them, and
/// one is created where there is none.
///
/// # Errors
/// See [`ComposeError`].
pub(crate) async fn compose_after_lost_secret(config: &Config) -> Result<Arc<State>, ComposeError> {
    assemble(config, System::default(), Keys::Replace, |ports| ports).await
}

/// Returns `true` if the database has keys, which were encrypted with a master secret. It has to be migrated.
///
/// # Errors
/// The database can't be read.
pub(crate) async fn has_keys(config: &Config) -> Result<bool, StorageError> {
    let pool = PoolOptions { size: Some(1), wait: config.database_wait, observer: None };
    let storage = SqlStorage::open(&config.database, &pool);
    Ok(!storage.connect().await?.signing_keys().list().await?.is_empty())
}

/// Whether Redis answers, where one is configured.
///
/// # Errors
/// See [`DataDirError`]: what is kept in Redis has names that the secret makes.
pub(crate) async fn reach_redis(config: &Config) -> Result<bool, DataDirError> {
    let secret = match data_dir::existing_secrets(config) {
        // Before the first start any will do: nothing is counted.
        Err(DataDirError::NoSecret { .. }) => placeholder()?,
        found => found?.current,
    };
    let quotas = config.quotas.unwrap_or_default();
    let Some(url) = &config.redis else { return Ok(false) };
    Ok(redis(config, url, quotas, &secret, Arc::new(SystemClock)).connect().await)
}

fn placeholder() -> Result<MasterSecret, DataDirError> {
    MasterSecret::new("a server that has not been started yet")
        .map_err(|source| DataDirError::Secret { what: "secret".to_owned(), source })
}

/// What is expected of the signing keys and the master secret that encrypts them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Both are created at the first start.
    CreateFirst,
    /// Both exist.
    Expect,
    /// The keys can't be decrypted, and are replaced.
    Replace,
}

/// Returns the secrets, and `true` if the current one has just been created. None is created beside keys that were
/// encrypted with another, which is lost then, or elsewhere.
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

/// Reads the keys, and creates the first one.
async fn keys(
    config: &Config,
    storage: &SqlStorage,
    factory: &SealedKeys,
    (secrets, is_new): (Arc<Secrets>, bool),
    now: OffsetDateTime,
    expected: Keys,
) -> Result<KeyRing, ComposeError> {
    if expected != Keys::Expect {
        KeyRing::begin(storage, factory, now).await?;
    }
    if expected == Keys::Replace {
        return Ok(KeyRing::load_to_replace(storage, secrets).await?);
    }
    match KeyRing::load(storage, secrets, now).await {
        // Another server, with a secret of its own, has created its key at this moment.
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
    let factory = SealedKeys::new(secrets.clone(), config.signing_algorithm, randomness.clone());
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
            // A server that starts tells at once what is wrong, and starts all the same.
            if expected == Keys::CreateFirst {
                limiter.connect().await;
            }
            let limiter = Arc::new(limiter);
            redis_limiter = Some(limiter.clone());
            limiter
        }
    };
    let decisions = Decisions::default();
    let limiter = Arc::new(Counted::new(limiter, decisions.clone()));
    let peppers = config.peppers.clone();
    let hasher = Argon2Hasher::start(&config.hashing, peppers, &secrets, randomness.clone())?;
    let hashes = Hashes::default();
    let hasher = Arc::new(hasher.observed_by(Arc::new(hashes.clone())));
    let readings = Readings {
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
        audience: config.audience.clone(),
    };
    let Mails { mailer, mailbox } = mails(config)?;
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

/// Knows the service by its name and its host. The top-level domain is everybody's.
fn blocklist(config: &Config) -> Blocklist {
    let host = config.settings.public_url.host();
    let host = host.rsplit_once('.').map_or(host, |(own, _)| own);
    let words = ["doorward", &config.service_name, host].map(str::to_owned);
    Blocklist::new(config.breached_passwords.clone()).with_service_words(words.into())
}

/// Whoever takes mails, and what they took where that can be looked at.
struct Mails {
    mailer: Arc<dyn Mailer>,
    mailbox: Option<Mailbox>,
}

/// Makes mails of the templates, which are tried out.
pub(crate) fn renderer(config: &Config) -> Result<Renderer, RenderError> {
    Renderer::new(MailOptions {
        service_name: config.service_name.clone(),
        from: config.mail_from.clone(),
        reply_to: config.mail_reply_to.clone(),
        host: config.settings.public_url.host().to_owned(),
        templates: config.mail_templates.clone(),
        default_locale: config.default_locale.clone(),
    })
}

pub(crate) fn smtp_options(config: &Config) -> SmtpOptions {
    SmtpOptions { helo_name: config.mail_helo_name.clone(), ..SmtpOptions::default() }
}

fn mails(config: &Config) -> Result<Mails, ComposeError> {
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
    secret: &MasterSecret,
    clock: Arc<dyn Clock>,
) -> RedisRateLimiter {
    let default = RedisOptions::default();
    let timeout = config.redis_wait.unwrap_or(default.timeout);
    let options = RedisOptions { timeout, ..default };
    RedisRateLimiter::new(url.clone(), options, quotas, secret, clock)
}
