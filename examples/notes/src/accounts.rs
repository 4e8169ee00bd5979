//! Puts adapters behind the ports: all that it takes to have Doorward's use cases in a service.

use std::{error::Error, path::Path, sync::Arc, time::Duration};

use doorward_adapters::{
    limits::{MemoryRateLimiter, Quotas},
    mail::{FileMailer, MailOptions, Renderer},
    passwords::{Argon2Hasher, CommonPasswords, HashingOptions, Peppers},
    secret::{MasterSecret, Secrets},
    storage::{DatabaseUrl, Migrator, PoolOptions, SqlStorage},
    system::{SystemClock, SystemRandomness, UuidV7},
    tokens::{
        AccessTokenOptions, JwtAccessTokens, KeyRing, MacTokens, SealedKeys, SigningAlgorithm,
    },
};
use doorward_application::{Application, Ports, Settings};
use doorward_domain::{email::EmailAddress, mail::PublicUrl, ports::Clock, profile::Locale};

/// Opens the accounts that are kept in a folder, or begins them.
///
/// # Errors
/// The folder or what is in it can't be used.
pub async fn open(folder: &Path, public_url: &str) -> Result<Arc<Application>, Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let database = DatabaseUrl::Sqlite(folder.join("accounts.db"));
    Migrator(&database).run().await?;

    // In a real service the secret comes from where its other secrets come from.
    let secret = MasterSecret::new("only an example: at least 32 characters")?;
    let secrets = Arc::new(Secrets { current: secret, previous: Vec::new() });
    let (clock, randomness) = (Arc::new(SystemClock), Arc::new(SystemRandomness));
    let ids = Arc::new(UuidV7::new(clock.clone(), randomness.clone()));

    let storage = Arc::new(SqlStorage::open(&database, &PoolOptions::default()));
    let algorithm = SigningAlgorithm::default();
    let factory = Arc::new(SealedKeys::new(secrets.clone(), algorithm, randomness.clone()));
    KeyRing::begin(&*storage, &*factory, clock.now()).await?;
    let keys = Arc::new(KeyRing::load(&*storage, secrets.clone(), clock.now()).await?);

    let settings = Settings::new(PublicUrl::parse(public_url)?);
    let access_tokens =
        AccessTokenOptions { issuer: public_url.to_owned(), audience: "notes".to_owned() };
    let mail = MailOptions {
        service_name: "Notes".to_owned(),
        from: EmailAddress::parse("notes@example.com")?.into(),
        reply_to: None,
        host: settings.public_url.host().to_owned(),
        templates: None,
        default_locale: Locale::parse("en").map_err(|error| error.to_string())?,
    };
    let hashing = HashingOptions::default();
    let ports = Ports {
        access_tokens: Arc::new(JwtAccessTokens::new(keys, ids.clone(), access_tokens)),
        opaque_tokens: Arc::new(MacTokens::new(&secrets)),
        hasher: Arc::new(Argon2Hasher::start(
            &hashing,
            Peppers::default(),
            &secrets,
            randomness.clone(),
        )?),
        blocklist: Arc::new(CommonPasswords),
        limiter: Arc::new(MemoryRateLimiter::new(Quotas::default(), clock.clone())),
        mailer: Arc::new(FileMailer::new(folder.join("mail"), Renderer::new(mail)?)),
        signing_keys: factory,
        storage,
        clock,
        ids,
        randomness,
    };
    Ok(Arc::new(Application::new(&ports, &settings)))
}

#[expect(clippy::print_stderr, reason = "an example has no log")]
async fn hourly(accounts: &Application) {
    if let Err(error) = accounts.sweep.run().await {
        eprintln!("the tables have to wait: {error}");
    }
    if let Err(error) = accounts.rotate_keys.if_due().await {
        eprintln!("the next signing key has to wait: {error}");
    }
    if let Err(error) = accounts.survey_passwords.run().await {
        eprintln!("names that nobody has may be told from others by the clock: {error}");
    }
}

/// What goes on beside the requests: mails that wait are delivered, and tables are tidied up. It never ends.
#[expect(clippy::print_stderr, reason = "an example has no log")]
pub async fn work(accounts: Arc<Application>) {
    for second in 0_u64.. {
        if let Err(error) = accounts.deliver_mail.run().await {
            eprintln!("mails have to wait: {error}");
        }
        if second % 3600 == 0 {
            hourly(&accounts).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
