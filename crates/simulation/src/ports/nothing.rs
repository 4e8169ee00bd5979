use async_trait::async_trait;
use doorward_domain::{
    password::NewPassword,
    ports::{KeyNotMade, PasswordBlocklist, SigningKeyFactory},
    signing_key::SigningKey,
};
use time::OffsetDateTime;
use tokio::task::yield_now;

/// A list with nothing on it.
#[derive(Debug)]
pub struct NoBlocklist;

#[async_trait]
impl PasswordBlocklist for NoBlocklist {
    async fn contains(&self, _password: &NewPassword) -> bool {
        yield_now().await;
        false
    }
}

/// Makes no keys: access tokens are not signed here.
#[derive(Debug)]
pub struct NoKeys;

impl SigningKeyFactory for NoKeys {
    fn make(
        &self,
        _now: OffsetDateTime,
        _activates_at: OffsetDateTime,
    ) -> Result<SigningKey, KeyNotMade> {
        Err(KeyNotMade("no keys are made in a simulation".into()))
    }
}
