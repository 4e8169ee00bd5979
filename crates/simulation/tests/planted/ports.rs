use std::sync::Arc;

use async_trait::async_trait;
use doorward_domain::{
    mail::OutgoingMail,
    password::{Password, PasswordHash},
    ports::{
        Against, HashError, MailError, Mailer, PasswordHasher, Priority, UnusableHash, Verification,
    },
};
use doorward_simulation::ports::{Mailbox, PlainHasher};

/// Takes every password for the right one.
pub(crate) struct TrustingHasher(pub(crate) PlainHasher);

#[async_trait]
impl PasswordHasher for TrustingHasher {
    fn is_full(&self, priority: Priority) -> bool {
        self.0.is_full(priority)
    }

    async fn hash(
        &self,
        password: Password,
        priority: Priority,
    ) -> Result<PasswordHash, HashError> {
        self.0.hash(password, priority).await
    }

    async fn verify(
        &self,
        password: Password,
        against: Against,
        priority: Priority,
    ) -> Result<Verification, HashError> {
        self.0.verify(password, against, priority).await.map(|_| Verification::Right)
    }

    fn check(&self, hash: &PasswordHash) -> Result<(), UnusableHash> {
        self.0.check(hash)
    }

    fn imitate(&self, sample: &[PasswordHash]) {
        self.0.imitate(sample);
    }
}

/// Says that it sends, and doesn't.
pub(crate) struct ForgetfulMailer;

#[async_trait]
impl Mailer for ForgetfulMailer {
    async fn send(&self, _mail: &OutgoingMail) -> Result<(), MailError> {
        Ok(())
    }
}

/// Sends everything twice.
pub(crate) struct InsistentMailer(pub(crate) Arc<Mailbox>);

#[async_trait]
impl Mailer for InsistentMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        self.0.send(mail).await?;
        self.0.send(mail).await
    }
}
