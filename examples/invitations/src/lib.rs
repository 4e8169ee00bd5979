//! Invitations to a closed beta: uses Doorward's email addresses and rate limits in a service that uses nothing
//! else of Doorward. The rate limiter behind the port is the service's own.

mod token_bucket;

pub use token_bucket::TokenBucket;

use std::sync::Arc;

use doorward_domain::{
    account::email::{EmailAddress, EmailError},
    ports::{Limit, RateLimiter, RetryAfter},
};

/// Accepts requests for an invitation.
pub struct Invitations {
    limiter: Arc<dyn RateLimiter>,
}

/// Errors returned by [`Invitations::ask`].
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// The email address is invalid.
    Address(EmailError),
    /// The client has sent too many requests.
    TooMany(RetryAfter),
}

impl Invitations {
    /// Creates the service. The limiter limits the requests of each client.
    pub fn new(limiter: Arc<dyn RateLimiter>) -> Self {
        Self { limiter }
    }

    /// Returns the email address that the invitation is sent to.
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
    async fn requests_are_counted_per_client() {
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
    async fn invalid_address_is_not_counted() {
        let refused = invitations(MockRateLimiter::new()).ask("192.0.2.1", "ann").await;
        assert_eq!(refused, Err(Refused::Address(EmailError::MissingAtSign)));
    }

    #[tokio::test]
    async fn too_many_requests_return_the_time_to_retry() {
        let wait = RetryAfter(Duration::from_secs(7));
        let mut limiter = MockRateLimiter::new();
        limiter.expect_take().returning(move |_, _| Err(wait));
        let refused = invitations(limiter).ask("192.0.2.1", "ann@example.com").await;
        assert_eq!(refused, Err(Refused::TooMany(wait)));
    }
}
