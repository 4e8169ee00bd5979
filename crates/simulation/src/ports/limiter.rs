use async_trait::async_trait;
use doorward_domain::ports::{Limit, RateLimiter, RetryAfter};
use tokio::task::yield_now;

/// Limits nothing: what is refused for being too much shows nothing of the rest.
#[derive(Debug)]
pub struct OpenLimiter;

#[async_trait]
impl RateLimiter for OpenLimiter {
    async fn take(&self, _limit: Limit, _key: &str) -> Result<(), RetryAfter> {
        yield_now().await;
        Ok(())
    }

    async fn give_back(&self, _limit: Limit, _key: &str) {
        yield_now().await;
    }
}
