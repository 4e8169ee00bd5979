use std::sync::Arc;

use async_trait::async_trait;
use doorward_domain::{
    credential::password::{Password, PasswordHash},
    ports::{HashError, PasswordHasher, Priority, UnusableHash, Verification, VerifyTarget},
};
use tokio::task::yield_now;

use crate::{faults::Faults, rng::Chance};

const CURRENT: &str = "$plain$";
const FORMER: &str = "$former$";

/// Hashes that contain the password itself, so that a test can see which one is stored. Some have an older
/// format, which should be renewed.
#[derive(Debug)]
pub struct PlainHasher {
    faults: Arc<Faults>,
    chance: Arc<Chance>,
}

impl PlainHasher {
    /// Creates a hasher that is overloaded at times.
    pub fn new(faults: Arc<Faults>, chance: Arc<Chance>) -> Self {
        Self { faults, chance }
    }

    async fn work(&self) -> Result<(), HashError> {
        yield_now().await;
        if self.faults.strikes(|rates| rates.hasher_busy) { Err(HashError::Busy) } else { Ok(()) }
    }
}

/// Returns the password that a hash contains.
pub fn password_of(hash: &PasswordHash) -> &str {
    hash.expose().rsplit('$').next().unwrap_or_default()
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    fn is_saturated(&self, _priority: Priority) -> bool {
        self.faults.strikes(|rates| rates.hasher_busy)
    }

    async fn hash(
        &self,
        password: Password,
        _priority: Priority,
    ) -> Result<PasswordHash, HashError> {
        self.work().await?;
        let form = if self.chance.happens(2500) { FORMER } else { CURRENT };
        Ok(PasswordHash::new(format!("{form}{}", String::from_utf8_lossy(password.expose()))))
    }

    async fn verify(
        &self,
        password: Password,
        against: VerifyTarget,
        _priority: Priority,
    ) -> Result<Verification, HashError> {
        self.work().await?;
        Ok(match against {
            VerifyTarget::Hash(hash) if password_of(&hash).as_bytes() == password.expose() => {
                if hash.expose().starts_with(FORMER) {
                    Verification::MatchNeedsRehash
                } else {
                    Verification::Match
                }
            }
            VerifyTarget::Hash(_) | VerifyTarget::Decoy { .. } => Verification::Mismatch,
        })
    }

    fn validate_hash(&self, _hash: &PasswordHash) -> Result<(), UnusableHash> {
        Ok(())
    }

    fn calibrate_decoys(&self, _sample: &[PasswordHash]) {}
}
