use std::sync::Arc;

use doorward_application::{Application, Ports, Settings};
use doorward_domain::{
    mail::PublicUrl,
    mock::{
        FrozenClock, MockAccessTokens, MockMailer, MockOpaqueTokens, MockPasswordBlocklist,
        MockPasswordHasher, MockRateLimiter, MockSigningKeyFactory, MockStorage, SeededIds,
        SeededRandomness,
    },
    ports::{Clock, Randomness},
};

use super::{access_tokens, idle, opaque_tokens};

/// The ports of one test. The defaults block no password, issue and verify readable tokens, and fail the test on any other
/// call.
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) storage: MockStorage,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) hasher: MockPasswordHasher,
    pub(crate) blocklist: MockPasswordBlocklist,
    pub(crate) access_tokens: MockAccessTokens,
    pub(crate) opaque_tokens: MockOpaqueTokens,
    pub(crate) limiter: MockRateLimiter,
    pub(crate) mailer: MockMailer,
    pub(crate) signing_keys: MockSigningKeyFactory,
}

impl World {
    pub(crate) fn new(storage: &MockStorage) -> Self {
        let mut blocklist = MockPasswordBlocklist::new();
        blocklist.expect_contains().return_const(false);
        blocklist.expect_service_words().returning(Vec::new);
        Self {
            settings: Settings::new(PublicUrl::parse("https://auth.example.com").unwrap()),
            storage: storage.clone(),
            clock: Arc::new(FrozenClock::default()),
            randomness: Arc::new(SeededRandomness::default()),
            hasher: idle(),
            blocklist,
            access_tokens: access_tokens(),
            opaque_tokens: opaque_tokens(),
            limiter: MockRateLimiter::new(),
            mailer: MockMailer::new(),
            signing_keys: MockSigningKeyFactory::new(),
        }
    }

    /// Returns a world whose storage is unavailable, so that every query fails.
    pub(crate) fn without_storage() -> Self {
        Self::new(&MockStorage::default())
    }

    pub(crate) fn verified_only(mut self) -> Self {
        self.settings.require_verified_email = true;
        self
    }

    pub(crate) fn application(self) -> Application {
        let ports = Ports {
            storage: Arc::new(self.storage),
            clock: self.clock,
            ids: Arc::new(SeededIds::default()),
            randomness: self.randomness,
            hasher: Arc::new(self.hasher),
            blocklist: Arc::new(self.blocklist),
            access_tokens: Arc::new(self.access_tokens),
            opaque_tokens: Arc::new(self.opaque_tokens),
            limiter: Arc::new(self.limiter),
            mailer: Arc::new(self.mailer),
            signing_keys: Arc::new(self.signing_keys),
        };
        Application::new(&ports, &self.settings)
    }
}
