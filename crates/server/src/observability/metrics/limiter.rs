use std::sync::Arc;

use async_trait::async_trait;
use doorward_domain::ports::{Bucket, Limit, RateLimiter, RetryAfter};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
};

pub(crate) type Decisions = Family<Decision, Counter>;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Decision {
    limit: &'static str,
    outcome: &'static str,
}

/// A rate limiter whose decisions are counted.
pub(crate) struct MeteredRateLimiter {
    inner: Arc<dyn RateLimiter>,
    decisions: Decisions,
}

impl MeteredRateLimiter {
    pub(crate) fn new(inner: Arc<dyn RateLimiter>, decisions: Decisions) -> Self {
        Self { inner, decisions }
    }
}

fn name(limit: Limit) -> &'static str {
    match limit {
        Limit::Register => "register",
        Limit::Login => "login",
        Limit::LoginFailures => "login_failures",
        Limit::LoginReserve => "login_reserve",
        Limit::RecognizedHashes => "recognized_hashes",
        Limit::Refresh => "refresh",
        Limit::Mail => "mail",
        Limit::PasswordCheck => "password_check",
        Limit::Other => "other",
    }
}

#[async_trait]
impl RateLimiter for MeteredRateLimiter {
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter> {
        let taken = self.inner.take(limit, key).await;
        let outcome = if taken.is_ok() { "allowed" } else { "denied" };
        self.decisions.get_or_create(&Decision { limit: name(limit), outcome }).inc();
        taken
    }

    async fn take_any(&self, groups: Vec<Vec<Bucket>>) -> Result<Vec<Bucket>, RetryAfter> {
        let limit = groups.iter().flatten().last().map(|bucket| name(bucket.limit));
        let taken = self.inner.take_any(groups).await;
        let outcome = if taken.is_ok() { "allowed" } else { "denied" };
        if let Some(limit) = limit {
            self.decisions.get_or_create(&Decision { limit, outcome }).inc();
        }
        taken
    }

    async fn release(&self, limit: Limit, key: &str) {
        self.inner.release(limit, key).await;
    }

    async fn release_all(&self, buckets: Vec<Bucket>) {
        self.inner.release_all(buckets).await;
    }
}
