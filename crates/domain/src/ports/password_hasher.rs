use async_trait::async_trait;

use crate::credential::password::{Password, PasswordHash};

/// Hashes passwords with a deliberately slow function.
///
/// An implementation MUST NOT hash on the caller's thread. It MUST limit how many hashes run and wait, and
/// MUST return [`HashError::Busy`] immediately when the limit is reached. It SHOULD reserve capacity for
/// recognized clients, and hash for them first.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Returns `true` if another password would be rejected at this moment. The result is a hint and may
    /// change at any time. Check it before the work that leads to a hash, so that a rejection costs next to
    /// nothing.
    fn is_saturated(&self, priority: Priority) -> bool;

    /// Hashes a password with a new salt and the current parameters.
    ///
    /// # Errors
    /// Returns [`HashError::Busy`] if too many passwords are waiting.
    async fn hash(&self, password: Password, priority: Priority)
    -> Result<PasswordHash, HashError>;

    /// Compares a password with a stored hash. If there is no hash, the implementation MUST do the work of a
    /// comparison all the same and find no match, so that the response time doesn't reveal whether an account
    /// exists.
    ///
    /// # Errors
    /// Returns [`HashError::Busy`] if too many passwords are waiting.
    async fn verify(
        &self,
        password: Password,
        against: VerifyTarget,
        priority: Priority,
    ) -> Result<Verification, HashError>;

    /// Checks that passwords can be compared with this hash, which may come from another system.
    ///
    /// # Errors
    /// Returns [`UnusableHash`] with the reason if they can't.
    fn validate_hash(&self, hash: &PasswordHash) -> Result<(), UnusableHash>;

    /// Calibrates the comparisons for accounts without a hash to a sample of the stored hashes. A name
    /// without a hash SHOULD be compared as if it had one of the sampled hashes, chosen in proportion to
    /// their frequency and always the same for a name. Otherwise the cost of an older hash format would
    /// reveal which names exist.
    fn calibrate_decoys(&self, sample: &[PasswordHash]);
}

/// The priority of a password in the hashing queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// A client that a valid session, device token, or emailed link identifies.
    Recognized,
    /// Any other client.
    Unrecognized,
}

/// What a password is compared with.
#[derive(Debug, Clone)]
pub enum VerifyTarget {
    /// An account's hash.
    Hash(PasswordHash),
    /// Nothing: the account doesn't exist or has no password.
    Decoy {
        /// The name used to sign in, in the form in which names are compared.
        name: String,
    },
}

/// The reason why passwords can't be compared with a hash; returned by [`PasswordHasher::validate_hash`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusableHash {
    /// The hash was created with a pepper that the hasher doesn't have.
    #[error("the pepper that the hash was created with is not configured")]
    PepperMissing,
    /// The hash is malformed, has an unknown format, or is too costly to compute. The text is a message for
    /// the operator who imports it.
    #[error("{0}")]
    Unreadable(String),
}

/// The result of comparing a password with a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// The password doesn't match, or there is no hash.
    Mismatch,
    /// The password matches.
    Match,
    /// The password matches, but the hash should be renewed because its parameters are outdated.
    MatchNeedsRehash,
}

/// Errors returned by [`PasswordHasher`].
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many passwords are waiting.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// The hasher failed.
    #[error("the password hasher failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
