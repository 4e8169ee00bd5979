//! Connects adapters to the ports: all that is needed to use Doorward's use cases in a service.

use std::{error::Error, path::Path, sync::Arc, time::Duration};

use doorward_adapters::{
    limits::{MemoryRateLimiter, Quotas},
    mail::{FileMailer, MailOptions, Renderer},
    passwords::{Argon2Hasher, CommonPasswords, HashingOptions, Peppers},
    secret::{MasterKey, Secrets},
    storage::{DatabaseUrl, Migrator, PoolOptions, SqlStorage},
    system::{SystemClock, SystemRandomness, UuidV7},
    tokens::{
        AccessTokenOptions, EncryptedKeyFactory, JwtAccessTokens, KeyRing, MacTokens,
        SigningAlgorithm,
    },
};
use doorward_application::{Application, Ports, Settings};
use doorward_domain::{
    account::{email::EmailAddress, profile::Locale},
    mail::PublicUrl,
    ports::Clock,
};

/// Opens the accounts stored in a folder, and creates the folder's database if it is missing.
///
/// # Errors
/// The folder or a file in it is unusable.
pub async fn open(folder: &Path, public_url: &str) -> Result<Arc<Application>, Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let database = DatabaseUrl::Sqlite(folder.join("accounts.db"));
    Migrator(&database).run().await?;

    // A real service loads this secret in the same way as its other secrets.
    let secret = MasterKey::new("only an example: at least 32 characters")?;
    let secrets = Arc::new(Secrets { current: secret, previous: Vec::new() });
    let (clock, randomness) = (Arc::new(SystemClock), Arc::new(SystemRandomness));
    let ids = Arc::new(UuidV7::new(clock.clone(), randomness.clone()));

    let storage = Arc::new(SqlStorage::open(&database, &PoolOptions::default()));
    let algorithm = SigningAlgorithm::default();
    let factory =
        Arc::new(EncryptedKeyFactory::new(secrets.clone(), algorithm, randomness.clone()));
    KeyRing::ensure_initial_key(&*storage, &*factory, clock.now()).await?;
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
    if let Err(error) = accounts.maintenance.purge_expired.run().await {
        eprintln!("cleanup failed: {error}");
    }
    if let Err(error) = accounts.keys.rotate.if_due().await {
        eprintln!("key rotation failed: {error}");
    }
    if let Err(error) = accounts.password.sample_hashes.run().await {
        eprintln!(
            "sampling password hashes failed; timing may reveal which accounts exist: {error}"
        );
    }
}

/// Runs background work beside the requests: delivers queued messages and deletes expired rows. Never returns.
#[expect(clippy::print_stderr, reason = "an example has no log")]
pub async fn work(accounts: Arc<Application>) {
    for second in 0_u64.. {
        if let Err(error) = accounts.mail.deliver.run().await {
            eprintln!("email delivery failed: {error}");
        }
        if second % 3600 == 0 {
            hourly(&accounts).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
