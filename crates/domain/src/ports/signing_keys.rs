use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::signing_key::SigningKey;

/// The keys that sign access tokens, shared by all replicas.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SigningKeyRepository: Send {
    /// All keys, the one made first leading.
    async fn list(&mut self) -> Result<Vec<SigningKey>, StorageError>;

    /// Adds the first key. If there is one, of whichever replica, it MUST change nothing.
    async fn insert_first(&mut self, key: &SigningKey) -> Result<(), StorageError>;

    /// Adds a key after the one made last, if that is `newest`, and says whether it did. Of many
    /// callers at the same moment one MUST.
    async fn insert_next(&mut self, newest: &str, key: &SigningKey) -> Result<bool, StorageError>;

    /// Lets a key sign from an earlier time on than it was made for; a later time changes nothing.
    async fn bring_forward(
        &mut self,
        kid: &str,
        activates_at: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Lets all keys but this one be published until `end` and no longer.
    async fn expire_others(&mut self, kid: &str, end: OffsetDateTime) -> Result<(), StorageError>;

    /// Replaces the sealed private key, if it still is `old`, and says whether it did.
    async fn reseal(&mut self, kid: &str, old: &[u8], new: &[u8]) -> Result<bool, StorageError>;

    /// Deletes the keys that are no longer published since `before`, and says how many it were.
    async fn delete_gone(&mut self, before: OffsetDateTime) -> Result<usize, StorageError>;
}

/// Makes signing keys.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SigningKeyFactory: Send + Sync {
    /// Makes a key that signs from `activates_at` on, its private half sealed.
    ///
    /// # Errors
    /// The cryptography failed.
    fn make(
        &self,
        now: OffsetDateTime,
        activates_at: OffsetDateTime,
    ) -> Result<SigningKey, KeyNotMade>;
}

/// No key could be made.
#[derive(Debug, thiserror::Error)]
#[error("no signing key could be made")]
pub struct KeyNotMade(#[source] pub Box<dyn std::error::Error + Send + Sync>);
