use std::{fmt, sync::Arc};

use doorward_domain::ports::{
    AccessTokens, Clock, Ids, Mailer, OpaqueTokens, PasswordBlocklist, PasswordHasher, Randomness,
    RateLimiter, SigningKeyFactory, Storage,
};

/// The adapters that the use cases depend on.
#[derive(Clone)]
#[expect(missing_docs, reason = "each field is named after its port")]
pub struct Ports {
    pub storage: Arc<dyn Storage>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub randomness: Arc<dyn Randomness>,
    pub hasher: Arc<dyn PasswordHasher>,
    pub blocklist: Arc<dyn PasswordBlocklist>,
    pub access_tokens: Arc<dyn AccessTokens>,
    pub opaque_tokens: Arc<dyn OpaqueTokens>,
    pub limiter: Arc<dyn RateLimiter>,
    pub mailer: Arc<dyn Mailer>,
    pub signing_keys: Arc<dyn SigningKeyFactory>,
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ports").finish_non_exhaustive()
    }
}
