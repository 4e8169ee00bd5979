use doorward_domain::ports::{HashError, KeyGenerationFailed, SigningFailed, StorageError};

/// A failure common to all use cases.
#[derive(Debug, thiserror::Error)]
pub enum CommonError {
    /// The server is overloaded, or a concurrent request got in the way. Retrying in a moment may succeed.
    #[error("the server is overloaded; try again in a moment")]
    Busy,
    /// A storage operation failed.
    #[error(transparent)]
    Storage(StorageError),
    /// The password hasher failed.
    #[error("the password hasher failed")]
    Hasher(#[source] HashError),
    /// A signing key could not be generated.
    #[error(transparent)]
    Keys(KeyGenerationFailed),
    /// An access token could not be signed.
    #[error(transparent)]
    Signing(SigningFailed),
}

impl From<StorageError> for CommonError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<HashError> for CommonError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Failed(_) => Self::Hasher(error),
        }
    }
}

impl From<KeyGenerationFailed> for CommonError {
    fn from(error: KeyGenerationFailed) -> Self {
        Self::Keys(error)
    }
}

impl From<SigningFailed> for CommonError {
    fn from(error: SigningFailed) -> Self {
        Self::Signing(error)
    }
}

/// Implements the conversions with which `?` turns errors of ports into the `CommonError` variant of a use case's error.
macro_rules! common_error {
    ($error:ty: $($source:ty),+) => {$(
        impl From<$source> for $error {
            fn from(source: $source) -> Self {
                Self::Failure(source.into())
            }
        }
    )+};
}

pub(crate) use common_error;
