use async_trait::async_trait;

use crate::password::{Password, PasswordHash};

/// Hashes passwords, slowly on purpose.
///
/// An implementation MUST NOT hash on the caller's thread, MUST bound how many hashes run and wait,
/// and MUST answer [`HashError::Busy`] at once when the bound is reached. It SHOULD keep room for recognized clients,
/// and hash for them first.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Whether one more would be refused now. It may be otherwise a moment later: it is asked before
    /// the work that leads to a hash, so that a refusal costs next to nothing.
    fn is_full(&self, priority: Priority) -> bool;

    /// Hashes a password with a new salt and the current parameters.
    ///
    /// # Errors
    /// Too many are waiting.
    async fn hash(&self, password: Password, priority: Priority)
    -> Result<PasswordHash, HashError>;

    /// Compares a password with a stored hash. Where there is none it MUST do the work of a comparison
    /// all the same, and find no match, so that the time tells nobody whether there is an account.
    ///
    /// # Errors
    /// Too many are waiting.
    async fn verify(
        &self,
        password: Password,
        against: Against,
        priority: Priority,
    ) -> Result<Verification, HashError>;

    /// Whether passwords can be compared with this hash, which may come from another system.
    ///
    /// # Errors
    /// Why they can't.
    fn check(&self, hash: &PasswordHash) -> Result<(), UnusableHash>;

    /// Takes note of how the accounts' passwords are stored, by a sample. What has no hash SHOULD be
    /// compared with as if it had one of these, in their proportion and always the same one for a name:
    /// the cost of a former scheme would tell which names there are.
    fn imitate(&self, sample: &[PasswordHash]);
}

/// Whose passwords are hashed first when many wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// A client that has shown a valid credential: a known device, a session, a mailed link.
    Recognized,
    /// Any other client.
    Unrecognized,
}

/// What a password is compared with.
#[derive(Debug, Clone)]
pub enum Against {
    /// An account's hash.
    Hash(PasswordHash),
    /// Nothing: there is no such account, or it has no password.
    Nothing {
        /// The name that somebody signs in with, in the form in which names are compared.
        name: String,
    },
}

/// Passwords can't be compared with a hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusableHash {
    /// It was made with a secret that the hasher does not have.
    #[error("the pepper that it was made with is not configured")]
    PepperMissing,
    /// It is none, of an unknown form, or too costly; in words for whoever brought it.
    #[error("{0}")]
    Unreadable(String),
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
