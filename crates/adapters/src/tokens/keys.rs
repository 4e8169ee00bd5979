use std::sync::Arc;

use aws_lc_rs::{
    digest::{SHA256, digest},
    error::{KeyRejected, Unspecified},
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use doorward_domain::{
    ports::{Clock, Randomness, Storage, StorageError},
    signing_key::SigningKey,
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::secret::Secrets;

const ALGORITHM: &str = "EdDSA";

/// The keys that access tokens are signed and verified with. They are kept in the database, sealed,
/// so that all replicas share them.
pub struct KeyRing {
    signing_kid: String,
    signing: EncodingKey,
    verifying: Vec<VerifyingKey>,
}

pub(super) struct VerifyingKey {
    pub(super) kid: String,
    pub(super) key: DecodingKey,
    public: Vec<u8>,
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
    #[error("the signing key can't be used")]
    Rejected(#[from] KeyRejected),
    /// The cryptography failed.
    #[error("the signing key could not be made")]
    Cryptography(#[from] Unspecified),
}

impl KeyRing {
    /// Loads the keys, and makes the first one if there is none.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub async fn load(
        storage: &dyn Storage,
        secrets: &Secrets,
        clock: &dyn Clock,
        randomness: &dyn Randomness,
    ) -> Result<Self, KeyError> {
        let mut repositories = storage.connect().await?;
        let mut keys = repositories.signing_keys().list().await?;
        if keys.is_empty() {
            let first = generate(secrets, clock, randomness)?;
            repositories.signing_keys().insert_first(&first).await?;
            // Read again: another replica may have been faster.
            keys = repositories.signing_keys().list().await?;
        }
        let now = clock.now();
        let active = keys.iter().rev().find(|key| key.activates_at <= now);
        let active = active.or(keys.first()).ok_or(KeyError::Missing)?;
        Ok(Self {
            signing_kid: active.kid.clone(),
            signing: EncodingKey::from_ed_der(&unseal(secrets, active)?),
            verifying: keys.iter().map(VerifyingKey::new).collect(),
        })
    }

    /// The public keys as a JSON Web Key Set (RFC 7517, section 5; RFC 8037, section 2).
    pub fn jwks(&self) -> Value {
        let keys = self.verifying.iter().map(|key| {
            json!({
                "kty": "OKP",
                "crv": "Ed25519",
                "x": BASE64_URL_SAFE_NO_PAD.encode(&key.public),
                "use": "sig",
                "alg": ALGORITHM,
                "kid": key.kid,
            })
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }

    pub(super) fn signing(&self) -> (&str, &EncodingKey) {
        (&self.signing_kid, &self.signing)
    }

    /// The key of this id. An id is compared and never looked up anywhere else.
    pub(super) fn verifying(&self, kid: &str) -> Option<&VerifyingKey> {
        self.verifying.iter().find(|key| key.kid == kid)
    }
}

impl VerifyingKey {
    fn new(key: &SigningKey) -> Self {
        Self {
            kid: key.kid.clone(),
            key: DecodingKey::from_ed_der(&key.public_key),
            public: key.public_key.clone(),
        }
    }
}

fn generate(
    secrets: &Secrets,
    clock: &dyn Clock,
    randomness: &dyn Randomness,
) -> Result<SigningKey, KeyError> {
    let mut seed = Zeroizing::new([0; 32]);
    randomness.fill(&mut *seed);
    let pair = Ed25519KeyPair::from_seed_unchecked(&*seed)?;
    let private = Zeroizing::new(pair.to_pkcs8v1()?.as_ref().to_vec());
    let public_key = pair.public_key().as_ref().to_vec();
    let kid = thumbprint(&public_key);
    let now = clock.now();
    Ok(SigningKey {
        sealed_private_key: secrets.current.seal(&kid, &private)?,
        kid,
        algorithm: ALGORITHM.to_owned(),
        public_key,
        created_at: now,
        activates_at: now,
        expires_at: None,
    })
}

/// The key's JWK thumbprint (RFC 7638, section 3; RFC 8037, section 2 for the members).
fn thumbprint(public_key: &[u8]) -> String {
    let x = BASE64_URL_SAFE_NO_PAD.encode(public_key);
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
}

fn unseal(secrets: &Secrets, key: &SigningKey) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    secrets
        .iter()
        .find_map(|secret| secret.open(&key.kid, &key.sealed_private_key).ok())
        .ok_or_else(|| KeyError::Sealed { kid: key.kid.clone() })
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").field("signing", &self.signing_kid).finish_non_exhaustive()
    }
}

/// Keys are shared between the signer and the key set that is published.
pub(super) type SharedKeyRing = Arc<KeyRing>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        // RFC 8037, appendix A.3.
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let public = BASE64_URL_SAFE_NO_PAD.decode(x).unwrap();
        assert_eq!(thumbprint(&public), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
