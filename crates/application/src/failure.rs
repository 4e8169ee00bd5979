use doorward_domain::ports::{HashError, KeyNotMade, SigningFailed, StorageError};

/// What no use case can help: it is the same for all of them.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Too much is going on; trying again in a moment helps.
    #[error("too busy")]
    Busy,
    /// Storage gave no answer.
    #[error(transparent)]
    Storage(StorageError),
    /// The password hasher is broken.
    #[error("the password hasher failed")]
    Hasher(#[source] HashError),
    /// No signing key could be made.
    #[error(transparent)]
    Keys(KeyNotMade),
    /// No access token could be signed.
    #[error(transparent)]
    Signing(SigningFailed),
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<HashError> for Failure {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Failed(_) => Self::Hasher(error),
        }
    }
}

impl From<KeyNotMade> for Failure {
    fn from(error: KeyNotMade) -> Self {
        Self::Keys(error)
    }
}

impl From<SigningFailed> for Failure {
    fn from(error: SigningFailed) -> Self {
        Self::Signing(error)
    }
}

/// Lets `?` turn what the ports answer into the `Failure` variant of a use case's error.
macro_rules! fails_with {
    ($error:ty: $($source:ty),+) => {$(
        impl From<$source> for $error {
            fn from(source: $source) -> Self {
                Self::Failure(source.into())
            }
        }
    )+};
}

pub(crate) use fails_with;
