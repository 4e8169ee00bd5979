use std::sync::Arc;

use async_trait::async_trait;
use doorward_domain::{
    password::{Password, PasswordHash},
    ports::{Against, HashError, PasswordHasher, Priority, UnusableHash, Verification},
};
use tokio::task::yield_now;

use crate::{chance::Chance, faults::Faults};

const CURRENT: &str = "$plain$";
const FORMER: &str = "$former$";

/// Hashes that are the password itself, so that a test can tell which one is stored. Some are of a former form, which
/// is to be renewed.
#[derive(Debug)]
pub struct PlainHasher {
    faults: Arc<Faults>,
    chance: Arc<Chance>,
}

impl PlainHasher {
    /// A hasher that has too much to do at times.
    pub fn new(faults: Arc<Faults>, chance: Arc<Chance>) -> Self {
        Self { faults, chance }
    }

    async fn work(&self) -> Result<(), HashError> {
        yield_now().await;
        if self.faults.strikes(|rates| rates.hasher_busy) { Err(HashError::Busy) } else { Ok(()) }
    }
}

/// The password that a hash is of.
pub fn password_of(hash: &PasswordHash) -> &str {
    hash.expose().rsplit('$').next().unwrap_or_default()
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    fn is_full(&self, _priority: Priority) -> bool {
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
        against: Against,
        _priority: Priority,
    ) -> Result<Verification, HashError> {
        self.work().await?;
        Ok(match against {
            Against::Hash(hash) if password_of(&hash).as_bytes() == password.expose() => {
                if hash.expose().starts_with(FORMER) {
                    Verification::RightButStale
                } else {
                    Verification::Right
                }
            }
            Against::Hash(_) | Against::Nothing { .. } => Verification::Wrong,
        })
    }

    fn check(&self, _hash: &PasswordHash) -> Result<(), UnusableHash> {
        Ok(())
    }

    fn imitate(&self, _sample: &[PasswordHash]) {}
}
