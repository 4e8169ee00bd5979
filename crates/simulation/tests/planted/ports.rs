use std::sync::Arc;

use async_trait::async_trait;
use doorward_domain::{
    mail::OutgoingMail,
    password::{Password, PasswordHash},
    ports::{Against, HashError, MailError, Mailer, PasswordHasher, UnusableHash, Verification},
};
use doorward_simulation::ports::{Mailbox, PlainHasher};

/// Takes every password for the right one.
pub(crate) struct TrustingHasher(pub(crate) PlainHasher);

#[async_trait]
impl PasswordHasher for TrustingHasher {
    fn is_full(&self) -> bool {
        self.0.is_full()
    }

    async fn hash(&self, password: Password) -> Result<PasswordHash, HashError> {
        self.0.hash(password).await
    }

    async fn verify(
        &self,
        password: Password,
        against: Against,
    ) -> Result<Verification, HashError> {
        self.0.verify(password, against).await.map(|_| Verification::Right)
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
