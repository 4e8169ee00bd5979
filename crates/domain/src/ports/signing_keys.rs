use async_trait::async_trait;

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
}
