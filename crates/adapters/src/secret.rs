//! The master secret, from which every other key is derived.

mod strength;

pub use strength::WeakSecret;

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Salt},
};
use zeroize::Zeroizing;

/// Names the master secret that a key was derived from, so that former secrets can be told apart.
pub type SecretId = [u8; 4];

/// The secret that the server's keys are derived from (HKDF, RFC 5869). Where it is kept
/// apart from the database, either alone opens no door.
pub struct MasterSecret(Zeroizing<Vec<u8>>);

/// The secret is not long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret has to have at least {} characters", MasterSecret::MIN_LENGTH)]
pub struct SecretTooShort;

impl MasterSecret {
    /// The least length in octets.
    pub const MIN_LENGTH: usize = 32;

    /// Takes a secret from configuration. Blanks around it are dropped, for it may come from a file.
    ///
    /// # Errors
    /// It is too short to be one.
    pub fn new(text: &str) -> Result<Self, SecretTooShort> {
        let octets = text.trim().as_bytes();
        if octets.len() < Self::MIN_LENGTH {
            return Err(SecretTooShort);
        }
        Ok(Self(Zeroizing::new(octets.to_vec())))
    }

    /// Checks that a secret can't be guessed. Former secrets have to be accepted all the same, so that a weak one can be
    /// replaced.
    ///
    /// # Errors
    /// See [`WeakSecret`].
    pub fn check_strength(text: &str) -> Result<(), WeakSecret> {
        strength::judge(text.trim())
    }

    /// The secret's name. It tells nothing about the secret.
    pub fn id(&self) -> SecretId {
        self.derive("doorward secret id")
    }

    /// Derives the key for one use.
    pub(crate) fn derive<const N: usize>(&self, purpose: &str) -> [u8; N] {
        let mut key = [0; N];
        let info = [purpose.as_bytes()];
        let derived = Salt::new(HKDF_SHA256, b"doorward v1")
            .extract(&self.0)
            .expand(&info, Length(N))
            .and_then(|okm| okm.fill(&mut key));
        #[expect(clippy::panic, reason = "HKDF gives up to 8,160 octets, and keys have at most 32")]
        if derived.is_err() {
            panic!("a key can't be derived");
        }
        key
    }

    /// Seals data for storage: authenticated encryption with a random nonce (AES-256-GCM).
    pub(crate) fn seal(&self, purpose: &str, data: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let mut buffer = data.to_vec();
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.derive::<32>("doorward seal"))?;
        let nonce = key.seal_in_place_append_tag(Aad::from(purpose), &mut buffer)?;
        Ok([self.id().as_slice(), nonce.as_ref(), &buffer].concat())
    }

    /// Opens what [`MasterSecret::seal`] of this secret sealed.
    pub(crate) fn open(
        &self,
        purpose: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        let (id, rest) = sealed.split_first_chunk::<4>().ok_or(Unspecified)?;
        let (nonce, data) = rest.split_first_chunk::<12>().ok_or(Unspecified)?;
        if *id != self.id() {
            return Err(Unspecified);
        }
        let mut buffer = Zeroizing::new(data.to_vec());
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.derive::<32>("doorward seal"))?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = key.open_in_place(nonce, Aad::from(purpose), &mut buffer)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }
}

impl fmt::Debug for MasterSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterSecret(…)")
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// The secret in use, and those that were in use before.
#[derive(Debug)]
pub struct Secrets {
    /// Makes new tokens and seals new keys.
    pub current: MasterSecret,
    /// Still open what was made with them.
    pub previous: Vec<MasterSecret>,
}

impl Secrets {
    /// All of them, the current one first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &MasterSecret> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> MasterSecret {
        MasterSecret::new(&text.repeat(8)).unwrap()
    }

    #[test]
    fn short_secrets_are_refused() {
        assert_eq!(MasterSecret::new(&"x".repeat(31)).unwrap_err(), SecretTooShort);
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_secret_only() {
        let sealed = secret("abcd").seal("kid", b"private").unwrap();
        assert_eq!(*secret("abcd").open("kid", &sealed).unwrap(), b"private");
        assert!(secret("abcd").open("other", &sealed).is_err());
        assert!(secret("efgh").open("kid", &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(secret("abcd").open("kid", &changed).is_err());
        assert!(secret("abcd").open("kid", &sealed[..10]).is_err());
    }

    #[test]
    fn no_nonce_is_used_twice() {
        let secret = secret("abcd");
        let nonce = |_| secret.seal("kid", b"private").unwrap()[4..16].to_vec();
        let nonces: std::collections::BTreeSet<_> = (0..10_000).map(nonce).collect();
        assert_eq!(nonces.len(), 10_000);
    }

    #[test]
    fn uses_have_different_keys() {
        let secret = secret("abcd");
        assert_ne!(secret.derive::<32>("a"), secret.derive::<32>("b"));
    }
}
