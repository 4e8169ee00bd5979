//! Sampling the stored password hashes.

use doorward_domain::ports::{StorageError, UnusableHash};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error};

/// Samples the stored password hashes, so that timing doesn't reveal which accounts exist (see
/// [`PasswordHasher::calibrate_decoys`](doorward_domain::ports::PasswordHasher::calibrate_decoys)) and unusable hashes are reported. Performs
/// no authorization.
#[derive(Debug)]
pub struct SamplePasswordHashes {
    ports: Ports,
}

/// The result of sampling the stored password hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashSample {
    /// The number of hashes in the sample.
    pub sampled: usize,
    /// The hashes in the sample that no password can be verified against, with the reasons.
    pub unusable: Vec<UnusableHash>,
}

/// Errors returned by [`SamplePasswordHashes::run`].
#[derive(Debug, thiserror::Error)]
pub enum SamplePasswordHashesError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(SamplePasswordHashesError: StorageError);

impl SamplePasswordHashes {
    /// The number of accounts to sample. Proportions are accurate to about three percentage points.
    pub const SAMPLE: u16 = 1000;

    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Samples the hashes, passes the sample to the hasher, and returns the result.
    ///
    /// # Errors
    /// See [`SamplePasswordHashesError`].
    #[instrument(level = "debug", name = "sample_password_hashes", skip_all)]
    pub async fn run(&self) -> Result<HashSample, SamplePasswordHashesError> {
        let mut repositories = self.ports.storage.connect().await?;
        let sample = repositories.users().password_sample(Self::SAMPLE).await?;
        drop(repositories);
        self.ports.hasher.calibrate_decoys(&sample);
        let checked = sample.iter().map(|hash| self.ports.hasher.validate_hash(hash));
        Ok(HashSample {
            sampled: sample.len(),
            unusable: checked.filter_map(Result::err).collect(),
        })
    }
}
