//! The master key, from which every other key is derived.

mod strength;

pub use strength::WeakSecret;

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Salt},
};
use zeroize::Zeroizing;

/// Identifies the master key that a key was derived from, to distinguish it from previous master keys.
pub type SecretId = [u8; 4];

/// The master key, from which the server's keys are derived (HKDF, RFC 5869). Store it apart from the database:
/// neither is sufficient on its own to forge a token.
pub struct MasterKey(Zeroizing<Vec<u8>>);

/// The secret is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret must be at least {} characters long", MasterKey::MIN_LENGTH)]
pub struct SecretTooShort;

impl MasterKey {
    /// The minimum length in bytes.
    pub const MIN_LENGTH: usize = 32;

    /// Creates a master key from configuration. Leading and trailing whitespace is removed, since the value may
    /// be read from a file.
    ///
    /// # Errors
    /// Returns [`SecretTooShort`] if it has fewer than [`MasterKey::MIN_LENGTH`] bytes.
    pub fn new(text: &str) -> Result<Self, SecretTooShort> {
        let bytes = text.trim().as_bytes();
        if bytes.len() < Self::MIN_LENGTH {
            return Err(SecretTooShort);
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    /// Checks that the secret is hard to guess. Previous secrets are not checked, so that a weak secret can be
    /// replaced.
    ///
    /// # Errors
    /// See [`WeakSecret`].
    pub fn check_strength(text: &str) -> Result<(), WeakSecret> {
        strength::judge(text.trim())
    }

    /// Returns the ID of the secret. It reveals nothing about the secret.
    pub fn id(&self) -> SecretId {
        self.derive("doorward secret id")
    }

    /// Derives the key for one purpose.
    pub(crate) fn derive<const N: usize>(&self, purpose: &str) -> [u8; N] {
        let mut key = [0; N];
        let info = [purpose.as_bytes()];
        let derived = Salt::new(HKDF_SHA256, b"doorward v1")
            .extract(&self.0)
            .expand(&info, Length(N))
            .and_then(|okm| okm.fill(&mut key));
        #[expect(clippy::panic, reason = "HKDF yields up to 8,160 bytes, and keys have at most 32")]
        if derived.is_err() {
            panic!("key derivation failed");
        }
        key
    }

    /// Encrypts data for storage (authenticated encryption with a random nonce, AES-256-GCM).
    pub(crate) fn encrypt(&self, purpose: &str, data: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let mut buffer = data.to_vec();
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.derive::<32>("doorward encryption"))?;
        let nonce = key.seal_in_place_append_tag(Aad::from(purpose), &mut buffer)?;
        Ok([self.id().as_slice(), nonce.as_ref(), &buffer].concat())
    }

    /// Decrypts data that [`MasterKey::encrypt`] encrypted with this secret.
    pub(crate) fn decrypt(
        &self,
        purpose: &str,
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        let (id, rest) = encrypted.split_first_chunk::<4>().ok_or(Unspecified)?;
        let (nonce, data) = rest.split_first_chunk::<12>().ok_or(Unspecified)?;
        if *id != self.id() {
            return Err(Unspecified);
        }
        let mut buffer = Zeroizing::new(data.to_vec());
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.derive::<32>("doorward encryption"))?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = key.open_in_place(nonce, Aad::from(purpose), &mut buffer)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// The current master key and the previous ones.
#[derive(Debug)]
pub struct Secrets {
    /// Derives new tokens and encrypts new keys.
    pub current: MasterKey,
    /// Still verify tokens and decrypt keys that were created with them.
    pub previous: Vec<MasterKey>,
}

impl Secrets {
    /// Returns all secrets, the current one first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> MasterKey {
        MasterKey::new(&text.repeat(8)).unwrap()
    }

    #[test]
    fn short_secret_is_rejected() {
        assert_eq!(MasterKey::new(&"x".repeat(31)).unwrap_err(), SecretTooShort);
    }

    #[test]
    fn ciphertext_decrypts_only_with_its_purpose_and_secret() {
        let encrypted = secret("abcd").encrypt("kid", b"private").unwrap();
        assert_eq!(*secret("abcd").decrypt("kid", &encrypted).unwrap(), b"private");
        assert!(secret("abcd").decrypt("other", &encrypted).is_err());
        assert!(secret("efgh").decrypt("kid", &encrypted).is_err());
        let mut changed = encrypted.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(secret("abcd").decrypt("kid", &changed).is_err());
        assert!(secret("abcd").decrypt("kid", &encrypted[..10]).is_err());
    }

    #[test]
    fn nonce_is_never_reused() {
        let secret = secret("abcd");
        let nonce = |_| secret.encrypt("kid", b"private").unwrap()[4..16].to_vec();
        let nonces: std::collections::BTreeSet<_> = (0..10_000).map(nonce).collect();
        assert_eq!(nonces.len(), 10_000);
    }

    #[test]
    fn derived_keys_differ_by_purpose() {
        let secret = secret("abcd");
        assert_ne!(secret.derive::<32>("a"), secret.derive::<32>("b"));
    }
}
