use std::{fmt, sync::Arc};

use aws_lc_rs::error::Unspecified;
use doorward_domain::{
    ports::{KeyGenerationFailed, Randomness, SigningKeyFactory},
    signing_key::SigningKey,
};
use time::OffsetDateTime;

use super::algorithm::SigningAlgorithm;
use crate::secret::Secrets;

/// Generates signing keys, encrypted with the current master key.
pub struct EncryptedKeyFactory {
    secrets: Arc<Secrets>,
    algorithm: SigningAlgorithm,
    randomness: Arc<dyn Randomness>,
}

impl EncryptedKeyFactory {
    /// Creates a factory for this algorithm.
    pub fn new(
        secrets: Arc<Secrets>,
        algorithm: SigningAlgorithm,
        randomness: Arc<dyn Randomness>,
    ) -> Self {
        Self { secrets, algorithm, randomness }
    }
}

impl SigningKeyFactory for EncryptedKeyFactory {
    fn generate(
        &self,
        now: OffsetDateTime,
        activates_at: OffsetDateTime,
    ) -> Result<SigningKey, KeyGenerationFailed> {
        let failed = |error: Unspecified| KeyGenerationFailed(Box::new(error));
        let pair = self.algorithm.make(&*self.randomness).map_err(failed)?;
        let kid = self.algorithm.thumbprint(&pair.public).ok_or_else(|| failed(Unspecified))?;
        Ok(SigningKey {
            encrypted_private_key: self
                .secrets
                .current
                .encrypt(&kid, &pair.private)
                .map_err(failed)?,
            kid,
            algorithm: self.algorithm.as_str().to_owned(),
            public_key: pair.public,
            created_at: now,
            activates_at,
            expires_at: None,
        })
    }
}

impl fmt::Debug for EncryptedKeyFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedKeys").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}
