use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::signing_key::SigningKey;

/// Stores the keys that sign access tokens, shared by all replicas.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SigningKeyRepository: Send {
    /// Returns all keys, oldest first.
    async fn list(&mut self) -> Result<Vec<SigningKey>, StorageError>;

    /// Adds the first key. If there is a key already, even from another replica, it MUST change nothing.
    async fn insert_first(&mut self, key: &SigningKey) -> Result<(), StorageError>;

    /// Adds a key, if the newest one is `newest`. Returns `true` if it did. Of many concurrent callers,
    /// exactly one MUST succeed.
    async fn insert_next(&mut self, newest: &str, key: &SigningKey) -> Result<bool, StorageError>;

    /// Makes a key start signing at `activates_at` if that is earlier than planned. A later time changes nothing.
    async fn activate_earlier(
        &mut self,
        kid: &str,
        activates_at: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Stops publishing all keys except this one at `end`. Keys that expire earlier stay unchanged.
    async fn expire_others(&mut self, kid: &str, end: OffsetDateTime) -> Result<(), StorageError>;

    /// Replaces the encrypted private key, if it still is `old`. Returns `true` if it did.
    async fn replace_ciphertext(
        &mut self,
        kid: &str,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool, StorageError>;

    /// Deletes the keys that were no longer published at `before`. Returns the number of keys deleted.
    async fn delete_expired(&mut self, before: OffsetDateTime) -> Result<usize, StorageError>;
}

/// Generates signing keys.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SigningKeyFactory: Send + Sync {
    /// Generates a key that signs from `activates_at` on, with its private key encrypted.
    ///
    /// # Errors
    /// Returns [`KeyGenerationFailed`] if a cryptographic operation failed.
    fn generate(
        &self,
        now: OffsetDateTime,
        activates_at: OffsetDateTime,
    ) -> Result<SigningKey, KeyGenerationFailed>;
}

/// An error returned by [`SigningKeyFactory::generate`].
#[derive(Debug, thiserror::Error)]
#[error("generating a signing key failed")]
pub struct KeyGenerationFailed(#[source] pub Box<dyn std::error::Error + Send + Sync>);
