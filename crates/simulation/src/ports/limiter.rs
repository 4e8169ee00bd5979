use async_trait::async_trait;
use doorward_domain::ports::{Bucket, Limit, RateLimiter, RetryAfter};
use tokio::task::yield_now;

/// A limiter that allows everything, since a throttled request tests nothing else.
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

    async fn release(&self, _limit: Limit, _key: &str) {
        yield_now().await;
    }

    async fn release_all(&self, _buckets: Vec<Bucket>) {
        yield_now().await;
    }
}
