use async_trait::async_trait;
use doorward_domain::ports::{Bucket, Limit, RateLimiter, RetryAfter};
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

    async fn take_any(&self, _groups: Vec<Vec<Bucket>>) -> Result<Vec<Bucket>, RetryAfter> {
        yield_now().await;
        Ok(Vec::new())
    }

    async fn give_back(&self, _limit: Limit, _key: &str) {
        yield_now().await;
    }

    async fn give_back_all(&self, _buckets: Vec<Bucket>) {
        yield_now().await;
    }
}
