use async_trait::async_trait;

use crate::password::{Password, PasswordHash};

/// Hashes passwords, slowly on purpose.
///
/// An implementation MUST NOT hash on the caller's thread, MUST bound how many hashes run and wait,
/// and MUST answer [`HashError::Busy`] at once when the bound is reached.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Whether one more would be refused now. It may be otherwise a moment later: it is asked before
    /// the work that leads to a hash, so that a refusal costs next to nothing.
    fn is_full(&self) -> bool;

    /// Hashes a password with a new salt and the current parameters.
    ///
    /// # Errors
    /// Too many are waiting.
    async fn hash(&self, password: Password) -> Result<PasswordHash, HashError>;

    /// Compares a password with a stored hash. With `None` it MUST do the work of a comparison with
    /// the current parameters all the same, and find no match, so that the time tells nobody
    /// whether there is an account.
    ///
    /// # Errors
    /// Too many are waiting.
    async fn verify(
        &self,
        password: Password,
        against: Option<PasswordHash>,
    ) -> Result<Verification, HashError>;
}

/// What comparing a password came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// It is another password, or there is none.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, and its hash should be made anew: the parameters have moved on.
    RightButStale,
}

/// A hash could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many are waiting.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// The hasher is broken.
    #[error("the password hasher failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
