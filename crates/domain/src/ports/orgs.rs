use async_trait::async_trait;

use super::StorageError;
use crate::{OrgId, org::Org};

/// Organisations.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OrgRepository: Send {
    /// Adds an organisation.
    async fn insert(&mut self, org: &Org) -> Result<(), StorageError>;

    /// Deletes an organisation with all that is in it, and says whether there was one.
    async fn delete(&mut self, id: OrgId) -> Result<bool, StorageError>;

    /// The organisation with this id.
    async fn find(&mut self, id: OrgId) -> Result<Option<Org>, StorageError>;
}
