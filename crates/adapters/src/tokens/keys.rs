mod algorithm;
mod factory;

use std::sync::{Arc, PoisonError, RwLock};

use doorward_domain::{
    ports::{KeyNotMade, SigningKeyFactory, Storage, StorageError},
    signing_key::{self, KeySchedule, SigningKey},
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::secret::Secrets;
pub use algorithm::SigningAlgorithm;
pub use factory::SealedKeys;

/// The keys that access tokens are signed and verified with. They are kept in the database, sealed,
/// so that all replicas share them, and each replica reads them again from time to time.
pub struct KeyRing {
    secrets: Arc<Secrets>,
    keys: RwLock<Arc<Keys>>,
}

/// The keys as they were read last.
struct Keys {
    rows: Vec<SigningKey>,
    usable: Vec<UsableKey>,
}

/// A key of an algorithm that this server knows.
pub(super) struct UsableKey {
    pub(super) kid: String,
    pub(super) algorithm: SigningAlgorithm,
    pub(super) verifying: DecodingKey,
    /// `None` where no secret opens it: what others sign with it is verified all the same.
    pub(super) signing: Option<EncodingKey>,
}

/// There is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Storage gave no answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// No known secret opens the key.
    #[error(
        "the signing key {kid} in the database was encrypted with another master secret: give the server that \
         secret (DOORWARD_SECRET, or the file secret in the data folder), or list it in previous_secrets; if it is \
         lost, run doorward credentials revoke-all --lost-master-key"
    )]
    Sealed {
        /// Which key.
        kid: String,
    },
    /// There is no key that signs.
    #[error("the database has no signing key: it gets its first one when the server is started")]
    Missing,
    /// No key could be made or sealed.
    #[error(transparent)]
    NotMade(#[from] KeyNotMade),
}

impl KeyRing {
    /// Makes the first key if there is none.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn begin(
        storage: &dyn Storage,
        factory: &dyn SigningKeyFactory,
        now: OffsetDateTime,
    ) -> Result<(), KeyError> {
        let mut repositories = storage.connect().await?;
        if repositories.signing_keys().list().await?.is_empty() {
            // Another replica may be faster: then this changes nothing.
            repositories.signing_keys().insert_first(&factory.make(now, now)?).await?;
        }
        Ok(())
    }

    /// Reads the keys.
    ///
    /// # Errors
    /// See [`KeyError`]. The key that signs has to be there, and one of the secrets has to open it.
    pub async fn load(
        storage: &dyn Storage,
        secrets: Arc<Secrets>,
        now: OffsetDateTime,
    ) -> Result<Self, KeyError> {
        Self::of(storage.connect().await?.signing_keys().list().await?, secrets, now)
    }

    /// Reads the keys, of which no secret may decrypt any: for replacing them after the master secret was lost.
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

    /// Reads the keys again, which another replica may have added to.
    ///
    /// # Errors
    /// See [`KeyError`]. What was read holds all the same, so that a key that was taken back is taken
    /// back here as well.
    pub async fn reload(&self, storage: &dyn Storage, now: OffsetDateTime) -> Result<(), KeyError> {
        let rows = storage.connect().await?.signing_keys().list().await?;
        if rows != self.keys().rows {
            let keys = Arc::new(Keys::new(rows, &self.secrets));
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        }
        self.keys().check(now)
    }

    /// Seals with the current secret what former ones sealed, so that those can be forgotten, and says
    /// how many keys it were. What no secret opens is left alone: it is another replica's.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn reseal(&self, storage: &dyn Storage) -> Result<usize, KeyError> {
        let mut repositories = storage.connect().await?;
        let mut resealed = 0;
        for key in repositories.signing_keys().list().await? {
            if let Some(sealed) = seal_anew(&self.secrets, &key)? {
                let old = &key.sealed_private_key;
                let done = repositories.signing_keys().reseal(&key.kid, old, &sealed).await?;
                resealed += usize::from(done);
            }
        }
        Ok(resealed)
    }

    /// The public keys as a JSON Web Key Set (RFC 7517, section 5).
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

    /// Since when the key signs that does.
    pub fn signs_since(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        signing_key::active(&self.keys().rows, now).map(|key| key.activates_at)
    }

    /// Returns `false` if access tokens can't be signed: there is no key for it, or it was encrypted with another secret.
    pub fn can_sign(&self, now: OffsetDateTime) -> bool {
        self.keys().check(now).is_ok()
    }

    /// When the next key is to sign, if one is to.
    pub fn next_signs_at(
        &self,
        schedule: &KeySchedule,
        now: OffsetDateTime,
    ) -> Option<OffsetDateTime> {
        schedule.next_signs_at(&self.keys().rows, now)
    }

    /// Does something with the key that signs.
    pub(super) fn with_signing<T>(
        &self,
        now: OffsetDateTime,
        sign: impl FnOnce(&UsableKey, &EncodingKey) -> T,
    ) -> Option<T> {
        let keys = self.keys();
        let key = keys.find(&signing_key::active(&keys.rows, now)?.kid)?;
        key.signing.as_ref().map(|signing| sign(key, signing))
    }

    /// Does something with the key of this id, if it is published. An id is compared, and never
    /// looked up anywhere else.
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

    /// There has to be a key to sign with.
    fn check(&self, now: OffsetDateTime) -> Result<(), KeyError> {
        let active = signing_key::active(&self.rows, now).ok_or(KeyError::Missing)?;
        match self.find(&active.kid) {
            Some(UsableKey { signing: Some(_), .. }) => Ok(()),
            Some(_) | None => Err(KeyError::Sealed { kid: active.kid.clone() }),
        }
    }
}

impl UsableKey {
    /// `None` where this server does not know the algorithm: a newer one may have made the key.
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

/// The private key sealed with the current secret, if a former one sealed it.
fn seal_anew(secrets: &Secrets, key: &SigningKey) -> Result<Option<Vec<u8>>, KeyError> {
    if secrets.current.open(&key.kid, &key.sealed_private_key).is_ok() {
        return Ok(None);
    }
    let Some(private) = open(secrets, key) else { return Ok(None) };
    let sealed = secrets.current.seal(&key.kid, &private);
    sealed.map(Some).map_err(|error| KeyNotMade(Box::new(error)).into())
}

fn open(secrets: &Secrets, key: &SigningKey) -> Option<Zeroizing<Vec<u8>>> {
    secrets.iter().find_map(|secret| secret.open(&key.kid, &key.sealed_private_key).ok())
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kids: Vec<_> = self.keys().rows.iter().map(|key| key.kid.clone()).collect();
        f.debug_struct("KeyRing").field("keys", &kids).finish_non_exhaustive()
    }
}

/// Keys are shared between the signer and the key set that is published.
pub(super) type SharedKeyRing = Arc<KeyRing>;
