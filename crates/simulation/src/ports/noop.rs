use async_trait::async_trait;
use doorward_domain::{
    credential::password::NewPassword,
    ports::{KeyGenerationFailed, PasswordBlocklist, SigningKeyFactory},
    signing_key::SigningKey,
};
use time::OffsetDateTime;
use tokio::task::yield_now;

/// A blocklist without entries.
#[derive(Debug)]
pub struct NoBlocklist;

#[async_trait]
impl PasswordBlocklist for NoBlocklist {
    async fn contains(&self, _password: &NewPassword) -> bool {
        yield_now().await;
        false
    }
}

/// A key factory that always fails: access tokens aren't signed in a simulation.
#[derive(Debug)]
pub struct NoKeys;

impl SigningKeyFactory for NoKeys {
    fn generate(
        &self,
        _now: OffsetDateTime,
        _activates_at: OffsetDateTime,
    ) -> Result<SigningKey, KeyGenerationFailed> {
        Err(KeyGenerationFailed("a simulation generates no keys".into()))
    }
}
