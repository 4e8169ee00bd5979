mod algorithm;
mod factory;

use std::sync::{Arc, PoisonError, RwLock};

use doorward_domain::{
    ports::{KeyNotMade, SigningKeyFactory, Storage, StorageError},
    signing_key::{self, SigningKey},
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
    opened: Vec<OpenedKey>,
}

/// A key that was opened.
pub(super) struct OpenedKey {
    pub(super) kid: String,
    pub(super) algorithm: SigningAlgorithm,
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
}

/// There is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Storage gave no answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// No known secret opens the key.
    #[error(
        "the signing key {kid} in the database was sealed with another secret: give the server \
         that secret, or list it among the previous ones"
    )]
    Sealed {
        /// Which key.
        kid: String,
    },
    /// There is no key, although one was just added.
    #[error("the database has no signing key")]
    Missing,
    /// The key can't be used.
    #[error("the signing key {kid} can't be used: it is for {algorithm}, or its octets are no key")]
    Rejected {
        /// Which key.
        kid: String,
        /// What it is said to be for.
        algorithm: String,
    },
    /// No key could be made or sealed.
    #[error(transparent)]
    NotMade(#[from] KeyNotMade),
}

impl KeyRing {
    /// Loads the keys, and makes the first one if there is none. Those that a former secret sealed
    /// are sealed with the current one, so that the former can be forgotten.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn load(
        storage: &dyn Storage,
        secrets: Arc<Secrets>,
        factory: &dyn SigningKeyFactory,
        now: OffsetDateTime,
    ) -> Result<Self, KeyError> {
        let mut repositories = storage.connect().await?;
        if repositories.signing_keys().list().await?.is_empty() {
            let first = factory.make(now, now)?;
            // Another replica may be faster: then this changes nothing.
            repositories.signing_keys().insert_first(&first).await?;
        }
        for key in repositories.signing_keys().list().await? {
            if let Some(sealed) = seal_anew(&secrets, &key)? {
                let old = &key.sealed_private_key;
                repositories.signing_keys().reseal(&key.kid, old, &sealed).await?;
            }
        }
        let keys = Keys::open(repositories.signing_keys().list().await?, &secrets, now)?;
        Ok(Self { secrets, keys: RwLock::new(Arc::new(keys)) })
    }

    /// Reads the keys again, which another replica may have added to. Where that fails, those that
    /// were read before stay.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn reload(&self, storage: &dyn Storage, now: OffsetDateTime) -> Result<(), KeyError> {
        let rows = storage.connect().await?.signing_keys().list().await?;
        if rows != self.keys().rows {
            let keys = Arc::new(Keys::open(rows, &self.secrets, now)?);
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        }
        Ok(())
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

    /// Does something with the key that signs.
    pub(super) fn with_signing<T>(
        &self,
        now: OffsetDateTime,
        sign: impl FnOnce(&OpenedKey) -> T,
    ) -> Option<T> {
        let keys = self.keys();
        let active = signing_key::active(&keys.rows, now)?;
        keys.find(&active.kid).map(sign)
    }

    /// Does something with the key of this id, if it is published. An id is compared, and never
    /// looked up anywhere else.
    pub(super) fn with_published<T>(
        &self,
        kid: &str,
        now: OffsetDateTime,
        verify: impl FnOnce(&OpenedKey) -> T,
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
    fn open(
        rows: Vec<SigningKey>,
        secrets: &Secrets,
        now: OffsetDateTime,
    ) -> Result<Self, KeyError> {
        let published = rows.iter().filter(|key| key.is_published(now));
        let opened: Vec<_> =
            published.map(|key| OpenedKey::new(key, secrets)).collect::<Result<_, _>>()?;
        if opened.is_empty() { Err(KeyError::Missing) } else { Ok(Self { rows, opened }) }
    }

    fn find(&self, kid: &str) -> Option<&OpenedKey> {
        self.opened.iter().find(|key| key.kid == kid)
    }
}

impl OpenedKey {
    fn new(key: &SigningKey, secrets: &Secrets) -> Result<Self, KeyError> {
        let rejected =
            || KeyError::Rejected { kid: key.kid.clone(), algorithm: key.algorithm.clone() };
        let algorithm = SigningAlgorithm::parse(&key.algorithm).ok_or_else(rejected)?;
        let private = open(secrets, key)?;
        Ok(Self {
            kid: key.kid.clone(),
            algorithm,
            signing: algorithm.encoding_key(&private),
            verifying: algorithm.decoding_key(&key.public_key).ok_or_else(rejected)?,
        })
    }
}

/// The private key sealed with the current secret, if it is not yet.
fn seal_anew(secrets: &Secrets, key: &SigningKey) -> Result<Option<Vec<u8>>, KeyError> {
    if secrets.current.open(&key.kid, &key.sealed_private_key).is_ok() {
        return Ok(None);
    }
    let private = open(secrets, key)?;
    let sealed = secrets.current.seal(&key.kid, &private);
    sealed.map(Some).map_err(|error| KeyNotMade(Box::new(error)).into())
}

fn open(secrets: &Secrets, key: &SigningKey) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    secrets
        .iter()
        .find_map(|secret| secret.open(&key.kid, &key.sealed_private_key).ok())
        .ok_or_else(|| KeyError::Sealed { kid: key.kid.clone() })
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kids: Vec<_> = self.keys().rows.iter().map(|key| key.kid.clone()).collect();
        f.debug_struct("KeyRing").field("keys", &kids).finish_non_exhaustive()
    }
}

/// Keys are shared between the signer and the key set that is published.
pub(super) type SharedKeyRing = Arc<KeyRing>;
