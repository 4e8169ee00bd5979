mod algorithm;
mod factory;

use std::sync::{Arc, PoisonError, RwLock};

use doorward_domain::{
    ports::{KeyGenerationFailed, SigningKeyFactory, Storage, StorageError},
    signing_key::{self, KeySchedule, SigningKey},
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::secret::Secrets;
pub use algorithm::SigningAlgorithm;
pub use factory::EncryptedKeyFactory;

/// The keys that sign and verify access tokens. They are stored in the database, encrypted, so that all replicas
/// share them. Each replica reloads them periodically.
pub struct KeyRing {
    secrets: Arc<Secrets>,
    keys: RwLock<Arc<Keys>>,
}

/// The keys, as of the last time they were loaded.
struct Keys {
    rows: Vec<SigningKey>,
    usable: Vec<UsableKey>,
}

/// A key with an algorithm that this server supports.
pub(super) struct UsableKey {
    pub(super) kid: String,
    pub(super) algorithm: SigningAlgorithm,
    pub(super) verifying: DecodingKey,
    /// `None` if no secret decrypts it. The key still verifies what other replicas sign with it.
    pub(super) signing: Option<EncodingKey>,
}

/// Errors returned by the methods of [`KeyRing`].
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// No configured secret decrypts the key.
    #[error(
        "cannot decrypt the signing key {kid} in the database: it was encrypted with another master key; provide that \
         secret (DOORWARD_MASTER_KEY, or the file secret in the data folder), or list it in previous_master_keys; if it is \
         lost, run doorward credentials revoke-all --lost-master-key"
    )]
    Sealed {
        /// The ID of the key.
        kid: String,
    },
    /// No key signs.
    #[error("the database has no signing key: start the server to create the first one")]
    Missing,
    /// A key could not be generated or encrypted.
    #[error(transparent)]
    NotMade(#[from] KeyGenerationFailed),
}

impl KeyRing {
    /// Creates the first key if there is none.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn ensure_initial_key(
        storage: &dyn Storage,
        factory: &dyn SigningKeyFactory,
        now: OffsetDateTime,
    ) -> Result<(), KeyError> {
        let mut repositories = storage.connect().await?;
        if repositories.signing_keys().list().await?.is_empty() {
            // Another replica may insert its key first; then this changes nothing.
            repositories.signing_keys().insert_first(&factory.generate(now, now)?).await?;
        }
        Ok(())
    }

    /// Loads the keys.
    ///
    /// # Errors
    /// See [`KeyError`]. There must be a key that signs, and one of the secrets must decrypt it.
    pub async fn load(
        storage: &dyn Storage,
        secrets: Arc<Secrets>,
        now: OffsetDateTime,
    ) -> Result<Self, KeyError> {
        Self::of(storage.connect().await?.signing_keys().list().await?, secrets, now)
    }

    /// Loads the keys, even if no secret decrypts them: for replacing keys after the master key was lost.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn load_to_replace(
        storage: &dyn Storage,
        secrets: Arc<Secrets>,
    ) -> Result<Self, KeyError> {
        let keys = Keys::new(storage.connect().await?.signing_keys().list().await?, &secrets);
        Ok(Self { secrets, keys: RwLock::new(Arc::new(keys)) })
    }

    pub(crate) fn of(
        rows: Vec<SigningKey>,
        secrets: Arc<Secrets>,
        now: OffsetDateTime,
    ) -> Result<Self, KeyError> {
        let keys = Keys::new(rows, &secrets);
        keys.check(now)?;
        Ok(Self { secrets, keys: RwLock::new(Arc::new(keys)) })
    }

    /// Loads the keys again, which other replicas may have changed.
    ///
    /// # Errors
    /// See [`KeyError`]. Even on error, the keys that were read take effect, so that a key that was revoked is
    /// revoked here as well.
    pub async fn reload(&self, storage: &dyn Storage, now: OffsetDateTime) -> Result<(), KeyError> {
        let rows = storage.connect().await?.signing_keys().list().await?;
        if rows != self.keys().rows {
            let keys = Arc::new(Keys::new(rows, &self.secrets));
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        }
        self.keys().check(now)
    }

    /// Re-encrypts, with the current master key, all keys that were encrypted with a previous one, so that previous
    /// secrets can be removed. Returns the number of keys re-encrypted. Keys that no secret decrypts are skipped:
    /// they belong to another replica.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn reencrypt(&self, storage: &dyn Storage) -> Result<usize, KeyError> {
        let mut repositories = storage.connect().await?;
        let mut resealed = 0;
        for key in repositories.signing_keys().list().await? {
            if let Some(sealed) = reencrypted(&self.secrets, &key)? {
                let old = &key.encrypted_private_key;
                let done =
                    repositories.signing_keys().replace_ciphertext(&key.kid, old, &sealed).await?;
                resealed += usize::from(done);
            }
        }
        Ok(resealed)
    }

    /// Returns the public keys as a JSON Web Key Set (RFC 7517, section 5).
    pub fn jwks(&self, now: OffsetDateTime) -> Value {
        let keys = self.keys();
        let published = keys.rows.iter().filter(|key| key.is_published(now));
        let jwks = published.filter_map(|key| {
            let algorithm = SigningAlgorithm::parse(&key.algorithm)?;
            let mut jwk = algorithm.jwk(&key.public_key)?;
            jwk.insert("use".to_owned(), json!("sig"));
            jwk.insert("alg".to_owned(), json!(key.algorithm));
            jwk.insert("kid".to_owned(), json!(key.kid));
            Some(jwk)
        });
        json!({ "keys": jwks.collect::<Vec<_>>() })
    }

    /// Returns since when the current signing key has been signing.
    pub fn signs_since(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        signing_key::active(&self.keys().rows, now).map(|key| key.activates_at)
    }

    /// Returns `true` if access tokens can be signed: a signing key exists, and a configured secret decrypts it.
    pub fn can_sign(&self, now: OffsetDateTime) -> bool {
        self.keys().check(now).is_ok()
    }

    /// Returns when the next key starts to sign, if there is one.
    pub fn next_signs_at(
        &self,
        schedule: &KeySchedule,
        now: OffsetDateTime,
    ) -> Option<OffsetDateTime> {
        schedule.next_signs_at(&self.keys().rows, now)
    }

    /// Calls a function with the current signing key.
    pub(super) fn with_signing<T>(
        &self,
        now: OffsetDateTime,
        sign: impl FnOnce(&UsableKey, &EncodingKey) -> T,
    ) -> Option<T> {
        let keys = self.keys();
        let key = keys.find(&signing_key::active(&keys.rows, now)?.kid)?;
        key.signing.as_ref().map(|signing| sign(key, signing))
    }

    /// Calls a function with the key of this ID if it is published. The ID is only compared with those of loaded
    /// keys, never used for any other lookup.
    pub(super) fn with_published<T>(
        &self,
        kid: &str,
        now: OffsetDateTime,
        verify: impl FnOnce(&UsableKey) -> T,
    ) -> Option<T> {
        let keys = self.keys();
        let key = keys.rows.iter().find(|key| key.kid == kid)?;
        if key.is_published(now) { keys.find(kid).map(verify) } else { None }
    }

    fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Keys {
    fn new(rows: Vec<SigningKey>, secrets: &Secrets) -> Self {
        let usable = rows.iter().filter_map(|key| UsableKey::new(key, secrets)).collect();
        Self { rows, usable }
    }

    fn find(&self, kid: &str) -> Option<&UsableKey> {
        self.usable.iter().find(|key| key.kid == kid)
    }

    /// Checks that there is a key that signs.
    fn check(&self, now: OffsetDateTime) -> Result<(), KeyError> {
        let active = signing_key::active(&self.rows, now).ok_or(KeyError::Missing)?;
        match self.find(&active.kid) {
            Some(UsableKey { signing: Some(_), .. }) => Ok(()),
            Some(_) | None => Err(KeyError::Sealed { kid: active.kid.clone() }),
        }
    }
}

impl UsableKey {
    /// Returns `None` if this server doesn't support the algorithm: a newer version may have created the key.
    fn new(key: &SigningKey, secrets: &Secrets) -> Option<Self> {
        let algorithm = SigningAlgorithm::parse(&key.algorithm)?;
        Some(Self {
            kid: key.kid.clone(),
            algorithm,
            verifying: algorithm.decoding_key(&key.public_key)?,
            signing: open(secrets, key).map(|private| algorithm.encoding_key(&private)),
        })
    }
}

/// Returns the private key encrypted with the current master key, if it was encrypted with a previous one.
fn reencrypted(secrets: &Secrets, key: &SigningKey) -> Result<Option<Vec<u8>>, KeyError> {
    if secrets.current.decrypt(&key.kid, &key.encrypted_private_key).is_ok() {
        return Ok(None);
    }
    let Some(private) = open(secrets, key) else { return Ok(None) };
    let sealed = secrets.current.encrypt(&key.kid, &private);
    sealed.map(Some).map_err(|error| KeyGenerationFailed(Box::new(error)).into())
}

fn open(secrets: &Secrets, key: &SigningKey) -> Option<Zeroizing<Vec<u8>>> {
    secrets.iter().find_map(|secret| secret.decrypt(&key.kid, &key.encrypted_private_key).ok())
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kids: Vec<_> = self.keys().rows.iter().map(|key| key.kid.clone()).collect();
        f.debug_struct("KeyRing").field("keys", &kids).finish_non_exhaustive()
    }
}

/// The keys, shared between the signer and the published key set.
pub(super) type SharedKeyRing = Arc<KeyRing>;
