//! Invitations to a closed beta: Doorward's e-mail addresses and limits in a service that has nothing else of
//! it. The limiter behind the port is this service's own.

mod token_bucket;

pub use token_bucket::TokenBucket;

use std::sync::Arc;

use doorward_domain::{
    email::{EmailAddress, EmailError},
    ports::{Limit, RateLimiter, RetryAfter},
};

/// Takes requests for an invitation.
pub struct Invitations {
    limiter: Arc<dyn RateLimiter>,
}

/// No invitation is sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// That is no address.
    Address(EmailError),
    /// Too many ask from there.
    TooMany(RetryAfter),
}

impl Invitations {
    /// Limits how often one client may ask.
    pub fn new(limiter: Arc<dyn RateLimiter>) -> Self {
        Self { limiter }
    }

    /// Answers the address that the invitation goes to.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn ask(&self, client: &str, address: &str) -> Result<EmailAddress, Refused> {
        let address = EmailAddress::parse(address).map_err(Refused::Address)?;
        self.limiter.take(Limit::Mail, client).await.map_err(Refused::TooMany)?;
        Ok(address)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use doorward_domain::mock::MockRateLimiter;
    use mockall::predicate::eq;

    use super::*;

    fn invitations(limiter: MockRateLimiter) -> Invitations {
        Invitations::new(Arc::new(limiter))
    }

    #[tokio::test]
    async fn whoever_asks_is_counted_by_where_they_are() {
        let mut limiter = MockRateLimiter::new();
        limiter
            .expect_take()
            .with(eq(Limit::Mail), eq("192.0.2.1"))
            .once()
            .returning(|_, _| Ok(()));
        let address = invitations(limiter).ask("192.0.2.1", " Ann@Example.com ").await.unwrap();
        assert_eq!(address.as_str(), "Ann@example.com");
    }

    #[tokio::test]
    async fn what_is_no_address_is_not_counted() {
        let refused = invitations(MockRateLimiter::new()).ask("192.0.2.1", "ann").await;
        assert_eq!(refused, Err(Refused::Address(EmailError::MissingAtSign)));
    }

    #[tokio::test]
    async fn whoever_asks_too_often_hears_when_to_come_back() {
        let wait = RetryAfter(Duration::from_secs(7));
        let mut limiter = MockRateLimiter::new();
        limiter.expect_take().returning(move |_, _| Err(wait));
        let refused = invitations(limiter).ask("192.0.2.1", "ann@example.com").await;
        assert_eq!(refused, Err(Refused::TooMany(wait)));
    }
}
